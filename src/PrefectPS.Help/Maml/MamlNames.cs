using System.Xml.Linq;

namespace PrefectPS.Help.Maml;

/// <summary>The XML namespaces of MAML.</summary>
internal static class MamlNames
{
    public static readonly XNamespace Msh = "http://msh";
    public static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    public static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    public static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Creates paragraph elements.</summary>
    public static IEnumerable<XElement> Paragraphs(params IEnumerable<string> text) => text.Select(paragraph => new XElement(Text + "para", paragraph));
}
