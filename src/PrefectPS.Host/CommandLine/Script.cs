using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;

namespace PrefectPS.Host.CommandLine;

/// <summary>What to run: a script file, or text given on the command line or on standard input.</summary>
internal sealed class Script
{
    private readonly string _pathOrText;
    private readonly IReadOnlyList<string> _arguments;
    private readonly bool _isFile;
    private readonly bool _hasReadInput;

    private Script(string pathOrText, IReadOnlyList<string> arguments, bool isFile = false, bool hasReadInput = false)
    {
        _pathOrText = pathOrText;
        _arguments = arguments;
        _isFile = isFile;
        _hasReadInput = hasReadInput;
    }

    /// <summary>The script file at <paramref name="path"/>.</summary>
    /// <exception cref="UsageException">There is no such file, or it is no <c>.ps1</c> file.</exception>
    public static Script FromFile(string path, IReadOnlyList<string> arguments)
    {
        var fullPath = Path.GetFullPath(path);
        if (Directory.Exists(fullPath))
            throw new UsageException($"'{path}' is a folder, not a script.");
        if (!File.Exists(fullPath))
            throw new UsageException($"there is no script '{path}' (looked for {fullPath}).");
        if (!fullPath.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{path}' is not a .ps1 file.");
        return new Script(fullPath, arguments, isFile: true);
    }

    /// <summary>The commands in <paramref name="text"/>.</summary>
    public static Script FromText(string text, IReadOnlyList<string> arguments) => new(text, arguments);

    /// <summary>The whole of standard input, as one script.</summary>
    public static Script FromStandardInput(IReadOnlyList<string> arguments)
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        return new Script(reader.ReadToEnd(), arguments, hasReadInput: true);
    }

    /// <summary>The command that runs the script with its arguments, in the scope of the session.</summary>
    public Command ToCommand()
    {
        var command = new Command(_pathOrText, isScript: !_isFile, useLocalScope: false);
        foreach (var argument in _arguments)
            command.Parameters.Add(ScriptArgument.Parse(argument));
        return command;
    }

    /// <summary>
    /// Whether the script takes pipeline input: it uses <c>$input</c>, has a <c>process</c> block or a parameter bound from the pipeline.
    /// For other scripts standard input is left alone, so that an input nobody closes cannot make them wait.
    /// </summary>
    public bool TakesInput()
    {
        if (_hasReadInput)
            return false;

        var ast = Parse(out _);
        return ast.ProcessBlock is not null
            || ast.Find(static node => node is VariableExpressionAst { VariablePath.UserPath: var name } && IsInput(name), true) is not null
            || ast.ParamBlock?.Parameters.Any(IsBoundFromPipeline) == true;
    }

    /// <summary>What is wrong with the script's text and where, when it cannot be parsed.</summary>
    public ParseException ToParseException()
    {
        Parse(out var errors);
        return new ParseException(errors);
    }

    private ScriptBlockAst Parse(out ParseError[] errors) =>
        _isFile ? Parser.ParseFile(_pathOrText, out _, out errors) : Parser.ParseInput(_pathOrText, out _, out errors);

    private static bool IsInput(string name) => name.Equals("input", StringComparison.OrdinalIgnoreCase);

    private static bool IsBoundFromPipeline(ParameterAst parameter) =>
        parameter.Attributes.OfType<AttributeAst>()
            .SelectMany(static attribute => attribute.NamedArguments)
            .Any(static argument => argument.ArgumentName.StartsWith("ValueFromPipeline", StringComparison.OrdinalIgnoreCase));
}
