using System.Globalization;
using System.Text;
using System.Xml;
using PrefectPS.Diagrams.Layout;
using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>Renders a diagram as SVG, legible on light and dark backgrounds and in monochrome; titles hold states and messages.</summary>
internal sealed class SvgWriter
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const double Margin = 24;
    private const double TitleFont = 16;
    private const double TitleHeight = 56;
    private const int MostTitleCharacters = 90;

    private readonly XmlWriter _xml;

    private SvgWriter(XmlWriter xml) => _xml = xml;

    /// <summary>Renders a diagram as a standalone document.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="isHorizontal">Whether the layout runs from left to right instead of from top to bottom.</param>
    public static string Write(Diagram diagram, bool isHorizontal = false) => Write(DiagramLayout.Arrange(diagram, isHorizontal));

    /// <summary>Renders a laid-out diagram as a standalone document.</summary>
    public static string Write(PlacedDiagram diagram)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" }))
            new SvgWriter(xml).WriteDocument(diagram);
        return text.Append('\n').ToString();
    }

    private void WriteDocument(PlacedDiagram placed)
    {
        var diagram = placed.Diagram;
        var title = Clean(TextWidth.Cut(diagram.Title, MostTitleCharacters));
        var subtitle = Clean(TextWidth.Cut(diagram.State is { } state ? $"{state.Name()}: {diagram.Message}" : DiagramTexts.SummaryOf(diagram), MostTitleCharacters));
        var textWidth = Math.Max(TextWidth.Of(title, TitleFont), TextWidth.Of(subtitle, NodeSize.DetailFont));
        var width = Math.Max(placed.Width, textWidth) + (Margin * 2);
        var height = placed.Height + TitleHeight + (Margin * 2);

        _xml.WriteStartElement("svg", Namespace);
        Attribute("width", width);
        Attribute("height", height);
        _xml.WriteAttributeString("viewBox", $"0 0 {Number(width)} {Number(height)}");
        _xml.WriteAttributeString("class", "flow-diagram");
        _xml.WriteAttributeString("role", "img");
        _xml.WriteElementString("title", Namespace, Clean(diagram.Title));
        _xml.WriteElementString("desc", Namespace, DiagramTexts.SummaryOf(diagram));
        _xml.WriteElementString("style", Namespace, SvgStyle.Of(diagram));
        WriteArrow();
        WriteBox(0, 0, width, height, 0, "ground");
        WriteText(title, Margin, Margin + TitleFont, "name");
        WriteText(subtitle, Margin, Margin + TitleFont + 20, "summary");
        WriteGraph(placed, (width - placed.Width) / 2, TitleHeight + Margin);
        _xml.WriteEndElement();
    }

    // Edges first, below the nodes.
    private void WriteGraph(PlacedDiagram placed, double x, double y)
    {
        _xml.WriteStartElement("g", Namespace);
        _xml.WriteAttributeString("transform", $"translate({Number(x)} {Number(y)})");
        foreach (var edge in placed.Edges)
            WriteEdge(placed, edge);
        foreach (var node in placed.Nodes)
            WriteNode(node);
        _xml.WriteEndElement();
    }

    private void WriteEdge(PlacedDiagram placed, PlacedEdge edge)
    {
        _xml.WriteStartElement("path", Namespace);
        _xml.WriteAttributeString("class", edge.IsMapped ? "edge mapped" : "edge");
        _xml.WriteAttributeString("d", PathOf(edge.Points, placed.IsHorizontal));
        _xml.WriteAttributeString("data-from", placed.Nodes[edge.From].Node.Id);
        _xml.WriteAttributeString("data-to", placed.Nodes[edge.To].Node.Id);
        _xml.WriteAttributeString("marker-end", "url(#flow-arrow)");
        _xml.WriteEndElement();
        if (edge.Label is not null)
            WriteText(Clean(edge.Label), edge.LabelPlace.X, edge.LabelPlace.Y + 4, "key");
    }

    private void WriteNode(PlacedNode placed)
    {
        var (node, size) = (placed.Node, placed.Size);
        _xml.WriteStartElement("g", Namespace);
        _xml.WriteAttributeString("class", $"node {(size.Inner is null ? string.Empty : "outer ")}{SvgStyle.ClassOf(node)}");
        _xml.WriteAttributeString("id", node.Id);
        _xml.WriteAttributeString("transform", $"translate({Number(placed.X)} {Number(placed.Y)})");
        _xml.WriteElementString("title", Namespace, Clean(DiagramTexts.DetailsOf(node)));
        WriteBox(0, 0, size.Width, size.Height, size.Inner is not null ? 12 : node.IsMapped ? 3 : size.Height / 2, "shape");
        if (size.Inner is null)
            WriteLabels(size);
        else
            WriteInner(size, size.Inner);
        _xml.WriteEndElement();
    }

    private void WriteLabels(NodeSize size)
    {
        var middle = size.Height / 2;
        WriteText(Clean(size.Label), size.Width / 2, size.Detail is null ? middle + 4.5 : middle - 2, "label");
        if (size.Detail is not null)
            WriteText(size.Detail, size.Width / 2, middle + 13, "detail");
    }

    private void WriteInner(NodeSize size, PlacedDiagram inner)
    {
        WriteText(Clean(size.Label), NodeSize.InnerMargin, 21, "head");
        if (size.Detail is not null)
            WriteText(size.Detail, size.Width - NodeSize.InnerMargin, 21, "state");
        WriteGraph(inner, (size.Width - inner.Width) / 2, NodeSize.HeadHeight);
    }

    private void WriteArrow()
    {
        _xml.WriteRaw("\n <defs><marker id=\"flow-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
            + "<path class=\"arrow\" d=\"M0 .5 8 4 0 7.5 2 4Z\"/></marker></defs>");
    }

    private void WriteBox(double x, double y, double width, double height, double radius, string name)
    {
        _xml.WriteStartElement("rect", Namespace);
        _xml.WriteAttributeString("class", name);
        if (x != 0 || y != 0)
        {
            Attribute("x", x);
            Attribute("y", y);
        }

        Attribute("width", width);
        Attribute("height", height);
        if (radius > 0)
            Attribute("rx", radius);
        _xml.WriteEndElement();
    }

    private void WriteText(string text, double x, double y, string name)
    {
        _xml.WriteStartElement("text", Namespace);
        _xml.WriteAttributeString("class", name);
        Attribute("x", x);
        Attribute("y", y);
        _xml.WriteString(text);
        _xml.WriteEndElement();
    }

    private void Attribute(string name, double value) => _xml.WriteAttributeString(name, Number(value));

    private static string PathOf(IReadOnlyList<LayoutPoint> points, bool isHorizontal)
    {
        var path = new StringBuilder("M").Append(Place(points[0]));
        for (var i = 1; i < points.Count; i++)
        {
            var (from, to) = (points[i - 1], points[i]);
            if (isHorizontal ? from.Y == to.Y : from.X == to.X)
                path.Append('L');
            else if (isHorizontal)
                path.Append('C').Append(Place(new((from.X + to.X) / 2, from.Y))).Append(' ').Append(Place(new((from.X + to.X) / 2, to.Y))).Append(' ');
            else
                path.Append('C').Append(Place(new(from.X, (from.Y + to.Y) / 2))).Append(' ').Append(Place(new(to.X, (from.Y + to.Y) / 2))).Append(' ');
            path.Append(Place(to));
        }

        return path.ToString();
    }

    private static string Place(LayoutPoint point) => $"{Number(point.X)} {Number(point.Y)}";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // Characters that XML forbids become the replacement character.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                clean.Append(text[i]).Append(text[++i]);
            else
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\ufffd');
        }

        return clean.ToString();
    }
}
