using System.Collections;
using System.Globalization;
using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>A path with variables in braces, such as <c>{date:yyyy-MM-dd}/{task_name}.json</c>. Parsed once, rendered a task.</summary>
/// <remarks>
/// The variables are Prefect's (<see cref="TargetVariables"/>), then the flow's parameters: <c>{Environment}</c> or, where Prefect
/// has a variable of that name, <c>{parameters[Environment]}</c>. A format behind a colon is .NET's or, with a <c>%</c> in it, strftime's.
/// <c>{{</c> and <c>}}</c> stand for braces.
/// </remarks>
public sealed class TargetTemplate
{
    private const string ParametersOpen = "parameters[";
    private const string ParametersClose = "]";

    private readonly Part[] _parts;

    private TargetTemplate(string text, Part[] parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The template as it was given.</summary>
    public string Text { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="parameters">The names of the flow's parameters; null for none.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: an unknown variable, a bad format, an open brace.</exception>
    public static TargetTemplate Parse(string text, IReadOnlyList<string>? parameters = null)
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
                parts.Add(ParseVariable(text, text.Substring(i + 1, end - i - 1), parameters ?? []));
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

    /// <summary>The template.</summary>
    public override string ToString() => Text;

    /// <summary>The path for one run of a task; not yet checked by <see cref="StorePath.Check"/>.</summary>
    internal string Render(in TargetVariables variables)
    {
        var path = new StringBuilder();
        foreach (var part in _parts)
        {
            path.Append(
                part.Variable is null ? part.Text
                : part.IsParameter ? FormatParameter(part.Variable, variables.GetParameter(part.Variable), part.Format)
                : FormatValue(variables.Get(part.Variable), part.Format));
        }

        if (variables.MapIndex is { } index && !_parts.Any(part => !part.IsParameter && part.Variable is "map_index" or "task_full_name"))
            path.Insert(EndOfName(path), $"[{index.ToString(CultureInfo.InvariantCulture)}]");
        return path.ToString();
    }

    // Children of a mapped task must not share a target: one that does not tell them apart gets their index before its extension.
    private static int EndOfName(StringBuilder path)
    {
        var text = path.ToString();
        var dot = text.LastIndexOf('.');
        return dot > text.LastIndexOfAny(['/', '\\']) ? dot : text.Length;
    }

    // What no value of a variable can mend is said at once; the rest when the values are known.
    private static void CheckLiterals(string template, List<Part> parts)
    {
        var path = string.Concat(parts.Select(part => part.Variable is null ? part.Text : "x"));
        if (StorePath.FaultIn(path) is { } fault)
            throw FlowErrors.TargetInvalid(template, fault);
    }

    private static Part ParseVariable(string template, string text, IReadOnlyList<string> parameters)
    {
        var colon = text.IndexOf(':');
        var name = (colon < 0 ? text : text.Substring(0, colon)).Trim();
        var parameter = TargetVariables.Has(name) ? null : FindParameter(name, parameters) ?? throw FlowErrors.TargetInvalid(
            template, $"there is no variable '{name}'; there are {string.Join(", ", TargetVariables.Names.Concat(parameters))}");
        var format = colon < 0 ? null : text.Substring(colon + 1);
        if (format is not null && parameter is null && !TargetVariables.TakesFormat(name))
            throw FlowErrors.TargetInvalid(template, $"'{name}' is a text and takes no format; date and scheduled_start_time do");
        if (format?.Contains('%') == true)
            format = Strftime.ToNetFormat(format) ?? throw FlowErrors.TargetInvalid(template, $"'{format}' is no date format of strftime that .NET can write");
        return new(text, parameter ?? name, format, IsParameter: parameter is not null);
    }

    private static string? FindParameter(string variable, IReadOnlyList<string> parameters)
    {
        var isIndexed = variable.StartsWith(ParametersOpen, StringComparison.Ordinal) && variable.EndsWith(ParametersClose, StringComparison.Ordinal);
        var name = isIndexed ? variable.Substring(ParametersOpen.Length, variable.Length - ParametersOpen.Length - ParametersClose.Length) : variable;
        return parameters.FirstOrDefault(parameter => string.Equals(parameter, name, StringComparison.OrdinalIgnoreCase));
    }

    // Lists have no text that tells one from another: two runs would share a target.
    private string FormatParameter(string name, object? value, string? format) => value switch
    {
        null => string.Empty,
        IEnumerable and not string => throw FlowErrors.TargetInvalid(Text, $"the parameter '{name}' is a list or a table, which cannot be part of a path"),
        not IFormattable when format is not null => throw FlowErrors.TargetInvalid(Text, $"the parameter '{name}' is a text and takes no format"),
        _ => FormatValue(value, format),
    };

    private static string FormatValue(object value, string? format) => value switch
    {
        DateTime date => date.ToString(format ?? "yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString(format ?? "yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private sealed record Part(string Text, string? Variable, string? Format, bool IsParameter = false);
}
