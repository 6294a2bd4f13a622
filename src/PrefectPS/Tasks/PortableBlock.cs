using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Blocks;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A script block as it can be made again in another runspace: its text, with the variables that <c>$using:</c> names taken along.</summary>
internal sealed class PortableBlock
{
    private const string Prefix = "__using_";
    private const string ClosureName = "__DynamicModule_"; // of the module that GetNewClosure makes

    private readonly string[] _usings;
    private readonly Lazy<IReadOnlyList<string>> _reads;
    private readonly string _text;

    /// <summary>The block, to be made where the variable of <c>$using:name</c> is handed over.</summary>
    public PortableBlock(ScriptBlock block)
        : this(block, rename: null)
    {
    }

    private PortableBlock(ScriptBlock block, Func<string, string>? rename)
    {
        Block = block;
        _usings = UsingVariables.NamesIn(block);
        _text = BlockText.Of(block.Ast, _usings.Length == 0 ? [] : UsingVariables.In(block.Ast), rename ?? Numbered);
        _reads = new(() => VariableReads.Of(block.Ast));
    }

    /// <summary>The block itself.</summary>
    public ScriptBlock Block { get; }

    /// <summary>The variables that it reads without <c>$using:</c> and does not set.</summary>
    public IReadOnlyList<string> Reads => _reads.Value;

    /// <summary>Whether it was made by GetNewClosure, and so has variables of its own.</summary>
    public bool IsClosure => Block.Module?.Name.StartsWith(ClosureName, StringComparison.Ordinal) == true;

    /// <summary>A block as it can be called where the caller is: there the variable of <c>$using:name</c> is <c>$name</c>.</summary>
    public static ScriptBlock InSession(ScriptBlock block)
    {
        if (!UsingVariables.AreIn(block))
            return block;
        var created = new PortableBlock(block, name => name).Make();
        return block.Module is { } module ? module.NewBoundScriptBlock(created) : created;
    }

    /// <summary>Makes the block in the runspace of this thread. Errors in it have the file and lines of the script that it stands in.</summary>
    public ScriptBlock Make()
    {
        var ast = Parser.ParseInput(_text, Block.File, out _, out var errors);
        return errors.Length == 0 ? ast.GetScriptBlock() : throw new ParseException(errors);
    }

    /// <summary>The values of its <c>$using:</c> variables, as they are where the flow is run.</summary>
    /// <param name="find">Finds a variable's value; null where there is no such variable.</param>
    /// <exception cref="TaskFailedException">One is not set.</exception>
    public Dictionary<string, object?> ReadUsings(VariableFinder find)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _usings.Length; i++)
            values[Prefix + i] = find(_usings[i], out var value) ? Portable(value) : throw ScriptErrors.UsingNotSet(_usings[i]);
        return values;
    }

    // A block belongs to the runspace that it was made in, and cannot be called in another one while that is busy.
    private static object? Portable(object? value) =>
        PowerShellValues.Instance.Unwrap(value) is ScriptBlock block ? new PortableBlock(block).Make() : value;

    private string Numbered(string name) => $"{Prefix}{Array.FindIndex(_usings, other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))}";
}
