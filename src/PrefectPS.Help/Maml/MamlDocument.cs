using System.Globalization;
using System.Xml.Linq;
using PrefectPS.Help.Cmdlets;
using PrefectPS.Help.Pages;
using static PrefectPS.Help.Maml.MamlNames;

namespace PrefectPS.Help.Maml;

/// <summary>Writes help as MAML, which Get-Help reads.</summary>
internal static class MamlDocument
{
    /// <summary>Creates the help of cmdlets from their pages.</summary>
    public static XDocument Of(IEnumerable<(CmdletShape Cmdlet, HelpPage Page)> pages) =>
        new(new XElement(Msh + "helpItems", new XAttribute("schema", "maml"), pages.Select(p => CommandOf(p.Cmdlet, p.Page))));

    private static XElement CommandOf(CmdletShape cmdlet, HelpPage page) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Text),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            new XElement(Text + "description", Paragraphs(page.Synopsis))),
        new XElement(Text + "description", Paragraphs(page.Description)),
        MamlParameters.Syntax(cmdlet, page),
        MamlParameters.All(cmdlet, page),
        new XElement(Command + "inputTypes", page.Inputs.Select(type => TypeOf("inputType", type))),
        new XElement(Command + "returnValues", page.Outputs.Select(type => TypeOf("returnValue", type))),
        page.Notes.Count == 0 ? null : new XElement(Text + "alertSet", new XElement(Text + "alert", Paragraphs(page.Notes))),
        new XElement(Command + "examples", page.Examples.Select(ExampleOf)),
        new XElement(Command + "relatedLinks", page.RelatedLinks.Select(LinkOf)));

    private static XElement TypeOf(string element, PageEntry type) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Text + "name", type.Title)),
        new XElement(Text + "description", Paragraphs(type.Text)));

    private static XElement ExampleOf(PageExample example, int index) => new(
        Command + "example",
        new XElement(Text + "title", $"-------- {(index + 1).ToString(CultureInfo.InvariantCulture)}. {example.Title} --------"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, string.Empty]))); // a blank line before the next example

    private static XElement LinkOf(PageLink link) => new(
        Text + "navigationLink",
        new XElement(Text + "linkText", link.Text),
        new XElement(Text + "uri", link.Address ?? string.Empty));
}
