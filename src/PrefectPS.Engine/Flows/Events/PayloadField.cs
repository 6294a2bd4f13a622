using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>A body parameter as a form field that an event's payload can fill. Immutable.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Kind">Kind of value.</param>
public sealed record PayloadField(string Name, PayloadFieldKind Kind)
{
    /// <summary>True if a value is required.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True if several values are accepted.</summary>
    public bool IsList { get; init; }

    /// <summary>Allowed values; empty if open.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Minimum; null for no limit.</summary>
    public double? Minimum { get; init; }

    /// <summary>Maximum; null for no limit.</summary>
    public double? Maximum { get; init; }

    /// <summary>True if only whole numbers are accepted.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Maximum text length; null for no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Default value if it is a constant; else null.</summary>
    public string? Default { get; init; }

    /// <summary>Help text of the parameter; null if none.</summary>
    public string? Help { get; init; }

    /// <summary>Describes the fault of a value, as far as it can be checked without the body; null if none.</summary>
    /// <param name="value">A JSON scalar, or an array of scalars.</param>
    public string? FaultIn(object? value) => value switch
    {
        null => null,
        object?[] several => IsList ? several.Select(FaultIn).FirstOrDefault(fault => fault is not null) : "It takes one value.",
        _ => FaultIn(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    private string? FaultIn(string text) => Kind switch
    {
        PayloadFieldKind.Secret => "It is a secret, which an event cannot contain.",
        PayloadFieldKind.Choice when !Choices.Contains(text, StringComparer.OrdinalIgnoreCase) => $"It must be one of {string.Join(", ", Choices)}.",
        PayloadFieldKind.Number => FaultInNumber(text),
        PayloadFieldKind.Date or PayloadFieldKind.Time when !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => "It is not a date.",
        _ => MaxLength < text.Length ? $"It may have {Text(MaxLength.Value)} characters." : null,
    };

    private string? FaultInNumber(string text) =>
        !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? "It is not a number."
        : IsWhole && Math.Floor(number) != number ? "It must be a whole number."
        : number < Minimum ? $"It is to be {Text(Minimum.Value)} or more."
        : number > Maximum ? $"It is to be {Text(Maximum.Value)} or less."
        : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
