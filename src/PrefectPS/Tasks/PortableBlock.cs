using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;
using PrefectPS.Blocks;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A script block that can be recreated in another runspace: its text and its <c>$using:</c> variables.</summary>
internal sealed class PortableBlock
{
    private const string Prefix = "__using_";
    private const string ClosureName = "__DynamicModule_"; // of the module that GetNewClosure creates

    // Tasks that are added in a loop share one block.
    private static readonly ConditionalWeakTable<Ast, Parts> Known = new();

    private readonly Parts _parts;

    /// <summary>The block, for a runspace to which the value of <c>$using:name</c> is passed.</summary>
    public PortableBlock(ScriptBlock block)
    {
        Block = block;
        _parts = Known.GetValue(block.Ast, _ => new(block, rename: null));
    }

    /// <summary>The block itself.</summary>
    public ScriptBlock Block { get; }

    /// <summary>The variables that it reads without <c>$using:</c> and does not set.</summary>
    public IReadOnlyList<string> Reads => _parts.Reads;

    /// <summary>Its text: blocks with the same text are equal, except for their variables.</summary>
    public string Text => _parts.Text;

    /// <summary>True if GetNewClosure created it, so that it has its own variables.</summary>
    public bool IsClosure => Block.Module?.Name.StartsWith(ClosureName, StringComparison.Ordinal) == true;

    /// <summary>A block for a call in the caller's session, where <c>$using:name</c> is <c>$name</c>.</summary>
    public static ScriptBlock InSession(ScriptBlock block)
    {
        if (!UsingVariables.AreIn(block))
            return block;
        var created = Make(new(block, name => name), block.File);
        return block.Module is { } module ? module.NewBoundScriptBlock(created) : created;
    }

    /// <summary>Creates the block in the runspace of this thread. Its errors have the file and lines of the original script.</summary>
    public ScriptBlock Make() => Make(_parts, Block.File);

    /// <summary>The values of its <c>$using:</c> variables in the caller's session.</summary>
    /// <param name="find">Finds a variable's value; null if there is no such variable.</param>
    /// <exception cref="TaskFailedException">One is not set.</exception>
    public Dictionary<string, object?> ReadUsings(VariableFinder find)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _parts.Usings.Length; i++)
            values[Prefix + i] = find(_parts.Usings[i], out var value) ? Portable(value) : throw ScriptErrors.UsingNotSet(_parts.Usings[i]);
        return values;
    }

    /// <summary>A variable of <see cref="ReadUsings"/> as the block names it.</summary>
    public string NameOf(string variable)
    {
        var index = Array.FindIndex(_parts.Usings, name => Numbered(_parts.Usings, name) == variable);
        return index < 0 ? $"${variable}" : $"$using:{_parts.Usings[index]}";
    }

    // A block belongs to the runspace that created it, and cannot be called in another one while that is busy.
    private static object? Portable(object? value) =>
        PowerShellValues.Instance.Unwrap(value) is ScriptBlock block ? new PortableBlock(block).Make() : value;

    private static string Numbered(string[] usings, string name) =>
        $"{Prefix}{Array.FindIndex(usings, other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))}";

    private static ScriptBlock Make(Parts parts, string? file)
    {
        var ast = Parser.ParseInput(parts.Text, file, out _, out var errors);
        return errors.Length == 0 ? ast.GetScriptBlock() : throw new ParseException(errors);
    }

    /// <summary>The data that is shared by all blocks with the same text.</summary>
    private sealed class Parts
    {
        private readonly Lazy<IReadOnlyList<string>> _reads;

        public Parts(ScriptBlock block, Func<string, string>? rename)
        {
            Usings = UsingVariables.NamesIn(block);
            Text = BlockText.Of(block.Ast, Usings.Length == 0 ? [] : UsingVariables.In(block.Ast), rename ?? Numbered);
            _reads = new(() => VariableReads.Of(block.Ast));
        }

        public string[] Usings { get; }

        public string Text { get; }

        public IReadOnlyList<string> Reads => _reads.Value;

        private string Numbered(string name) => PortableBlock.Numbered(Usings, name);
    }
}
