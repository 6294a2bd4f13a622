using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>The variables from which a command gets its objects: the first of its pipeline, then those in its arguments.</summary>
internal static class SourceVariables
{
    /// <summary>Their names, with their scope where it is given.</summary>
    public static IEnumerable<string> Of(CommandAst command) =>
        from variable in PipedInto(command).Concat(command.CommandElements.Select(Argument)).OfType<VariableExpressionAst>()
        select variable.VariablePath.UserPath;

    private static IEnumerable<Ast?> PipedInto(CommandAst command) =>
        command.Parent is PipelineAst pipeline && pipeline.PipelineElements[0] is CommandExpressionAst first ? [first.Expression] : [];

    private static Ast Argument(CommandElementAst element) => element is CommandParameterAst { Argument: { } argument } ? argument : element;
}
