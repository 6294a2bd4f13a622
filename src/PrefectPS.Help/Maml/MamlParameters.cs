using System.Globalization;
using System.Xml.Linq;
using PrefectPS.Help.Cmdlets;
using PrefectPS.Help.Pages;
using static PrefectPS.Help.Maml.MamlNames;

namespace PrefectPS.Help.Maml;

/// <summary>Writes a cmdlet's syntax lines and parameter descriptions.</summary>
internal static class MamlParameters
{
    /// <summary>Writes a syntax line per parameter set.</summary>
    public static XElement Syntax(CmdletShape cmdlet, HelpPage page) => new(
        Command + "syntax",
        cmdlet.ParameterSets.Select(set => new XElement(
            Command + "syntaxItem",
            new XElement(Text + "name", cmdlet.Name),
            InSyntaxOrder(cmdlet, set).Select(parameter => ParameterOf(parameter, [parameter.In(set)!], page)))));

    /// <summary>Writes all parameters, in declaration order.</summary>
    public static XElement All(CmdletShape cmdlet, HelpPage page) =>
        new(Command + "parameters", cmdlet.Parameters.Select(parameter => ParameterOf(parameter, parameter.Uses, page)));

    // Positional, mandatory, then other parameters, as in Get-Command -Syntax.
    private static IEnumerable<ParameterShape> InSyntaxOrder(CmdletShape cmdlet, string set) =>
        cmdlet.Parameters.Where(parameter => parameter.In(set) is not null)
            .OrderBy(parameter => parameter.In(set)!.Position ?? int.MaxValue)
            .ThenByDescending(parameter => parameter.In(set)!.IsMandatory);

    private static XElement ParameterOf(ParameterShape parameter, IReadOnlyList<ParameterUse> uses, HelpPage page) => new(
        Command + "parameter",
        new XAttribute("required", uses.All(use => use.IsMandatory)),
        new XAttribute("variableLength", true),
        new XAttribute("globbing", parameter.TakesWildcards),
        new XAttribute("pipelineInput", PipelineInput(uses)),
        new XAttribute("position", string.Join(" or ", uses.Select(PositionOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))),
        new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
        new XElement(Text + "name", parameter.Name),
        new XElement(Text + "description", Paragraphs(page.Parameters.First(entry => entry.Name == parameter.Name).Text)),
        parameter.Type is null ? null : new XElement(Command + "parameterValue", new XAttribute("required", true), parameter.Type),
        new XElement(Dev + "type", new XElement(Text + "name", parameter.Type ?? "SwitchParameter")));

    private static string PositionOf(ParameterUse use) => use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named";

    private static string PipelineInput(IReadOnlyList<ParameterUse> uses) =>
        (uses.Any(use => use.FromPipeline), uses.Any(use => use.FromPipelineByPropertyName)) switch
        {
            (true, true) => "true (ByValue, ByPropertyName)",
            (true, false) => "true (ByValue)",
            (false, true) => "true (ByPropertyName)",
            (false, false) => "false",
        };
}
