using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Finds the tasks that the script being edited adds to the same flow, without running it.</summary>
internal static class ScriptTasks
{
    private static readonly string[] AddTask = ["Add-FlowTask", "task"];
    private static readonly string[] NewFlow = ["New-Flow", "flow"];

    /// <summary>The tasks of the command's definition block; outside of a block, those added to a variable of the same name.</summary>
    public static IEnumerable<KnownTask> Around(CommandAst command)
    {
        if (DefinitionOf(command) is { } definition)
            return Commands(definition).Where(other => other != command && DefinitionOf(other) == definition).Select(Read).OfType<KnownTask>();
        var variable = SourceVariables.Of(command).FirstOrDefault();
        return variable is null ? [] : Commands(Root(command))
            .Where(other => other != command && DefinitionOf(other) is null && IsSame(SourceVariables.Of(other).FirstOrDefault(), variable))
            .Select(Read)
            .OfType<KnownTask>();
    }

    private static IEnumerable<CommandAst> Commands(Ast script) =>
        script.FindAll(ast => ast is CommandAst command && Calls(command, AddTask), searchNestedScriptBlocks: true).Cast<CommandAst>();

    private static ScriptBlockExpressionAst? DefinitionOf(CommandAst command)
    {
        if (Calls(command, NewFlow))
            return command.CommandElements.OfType<ScriptBlockExpressionAst>().FirstOrDefault();
        for (var ast = command.Parent; ast is not null; ast = ast.Parent)
        {
            if (ast is ScriptBlockExpressionAst { Parent: CommandAst outer } block && Calls(outer, NewFlow))
                return block;
        }

        return null;
    }

    private static Ast Root(Ast ast) => ast.Parent is { } parent ? Root(parent) : ast;

    private static bool Calls(CommandAst command, string[] names) =>
        command.GetCommandName() is { } name && names.Contains(name.Substring(name.LastIndexOf('\\') + 1), StringComparer.OrdinalIgnoreCase);

    // If the flow is the first argument, PowerShell's static binding takes it for the name; the name is then the first constant text.
    private static KnownTask? Read(CommandAst command)
    {
        var bound = StaticParameterBinder.BindCommand(command, resolve: true).BoundParameters;
        var name = (bound.TryGetValue("Name", out var argument) ? argument.ConstantValue as string : null)
            ?? command.CommandElements.Skip(1).OfType<StringConstantExpressionAst>().FirstOrDefault()?.Value;
        if (string.IsNullOrEmpty(name))
            return null;
        var slug = bound.TryGetValue("Slug", out var other) ? other.ConstantValue as string : null;
        return new(name!, slug ?? name!, bound.TryGetValue("Tag", out var tags) ? Texts(tags.Value) : []);
    }

    private static IEnumerable<string> Texts(Ast value) =>
        from text in (value is ArrayLiteralAst list ? list.Elements : (IEnumerable<Ast>)[value]).OfType<StringConstantExpressionAst>()
        select text.Value;

    private static bool IsSame(string? name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
