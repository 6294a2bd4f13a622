using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>A path template with variables in braces, such as <c>{date:yyyy-MM-dd}/{task_name}.json</c>. Parsed once, rendered per task.</summary>
/// <remarks>
/// Variables are those of <see cref="TargetNames"/>. A format after a colon is .NET's or, if it contains <c>%</c>, strftime's. <c>{{</c> and <c>}}</c>
/// are literal braces.
/// </remarks>
internal sealed class TargetTemplate : TaskTarget
{
    private readonly Part[] _parts;

    private TargetTemplate(string text, Part[] parts)
        : base(text)
    {
        _parts = parts;
        TakesInputs = parts.Any(part => part.Name is { Source: TargetSource.Input });
    }

    internal override bool TakesInputs { get; }

    internal override bool TakesValues => _parts.Any(part => part.Name is { Source: not TargetSource.Variable });

    /// <summary>Parses a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="names">The variables it can use.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: an unknown variable, a bad format, an open brace.</exception>
    public static TargetTemplate Parse(string text, TargetNames names)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = text.IndexOf('}', i);
                if (end < 0)
                    throw FlowErrors.TargetInvalid(text, "a brace is not closed");
                if (literal.Length > 0)
                    parts.Add(new(literal.ToString(), null, null));
                literal.Clear();
                parts.Add(ParseVariable(text, text.Substring(i + 1, end - i - 1), names));
                i = end;
            }
            else if (c == '}')
            {
                throw FlowErrors.TargetInvalid(text, "a brace is closed that was not opened");
            }
            else
            {
                literal.Append(c);
            }
        }

        if (literal.Length > 0)
            parts.Add(new(literal.ToString(), null, null));
        CheckLiterals(text, parts);
        return new TargetTemplate(text, [.. parts]);
    }

    /// <summary>Renders the template to a name that is not a path: children of a mapped task may share it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: a value of this run cannot be part of it.</exception>
    public string RenderName(in TargetVariables variables) => Make(variables);

    /// <summary>True if the template can render to this text, case-insensitive.</summary>
    public bool CanRender(string text) => Regex.IsMatch(
        text, $"^{string.Concat(_parts.Select(part => part.Name is null ? Regex.Escape(part.Text) : ".*"))}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        TimeSpan.FromSeconds(1));

    private protected override string Make(in TargetVariables variables)
    {
        var path = new StringBuilder();
        foreach (var part in _parts)
            path.Append(part.Name is { } name ? Format(name, variables.Get(name, Text), part.Format) : part.Text);
        return path.ToString();
    }

    private protected override bool DiffersPerChild(in TargetVariables variables)
    {
        foreach (var part in _parts)
        {
            if (part.Name is { } name && variables.DiffersPerChild(name))
                return true;
        }

        return false;
    }

    // Reject what no variable's value can repair now; the rest is checked at run time.
    private static void CheckLiterals(string template, List<Part> parts)
    {
        var path = string.Concat(parts.Select(part => part.Name is null ? part.Text : "x"));
        if (StorePath.FaultIn(path) is { } fault)
            throw FlowErrors.TargetInvalid(template, fault);
    }

    private static Part ParseVariable(string template, string text, TargetNames names)
    {
        var colon = text.IndexOf(':');
        var word = (colon < 0 ? text : text.Substring(0, colon)).Trim();
        var name = names.Find(word) ?? throw FlowErrors.TargetInvalid(template, names.Missing(word));
        var format = colon < 0 ? null : text.Substring(colon + 1);
        if (format is not null && name.Source == TargetSource.Variable && !TargetVariables.TakesFormat(name.Name))
            throw FlowErrors.TargetInvalid(template, $"'{name.Name}' is a text and takes no format; date and scheduled_start_time do");
        if (format?.Contains('%') == true)
            format = Strftime.ToNetFormat(format) ?? throw FlowErrors.TargetInvalid(template, $"'{format}' is not a strftime format that .NET supports");
        return new(text, name, format);
    }

    // A list has no distinctive text: two runs would share a target.
    private string Format(TargetName name, object? value, string? format) => value switch
    {
        null => string.Empty,
        IEnumerable and not string => throw FlowErrors.TargetInvalid(Text, $"{Describe(name)} is a list or a table, which cannot be part of a path"),
        not IFormattable when format is not null => throw FlowErrors.TargetInvalid(Text, $"{Describe(name)} is a text and takes no format"),
        _ => FormatValue(value, format),
    };

    private static string Describe(TargetName name) => $"the {(name.Source == TargetSource.Input ? "input" : "parameter")} '{name.Name}'";

    private static string FormatValue(object value, string? format) => value switch
    {
        DateTime date => date.ToString(format ?? "yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString(format ?? "yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private sealed record Part(string Text, TargetName? Name, string? Format);
}
