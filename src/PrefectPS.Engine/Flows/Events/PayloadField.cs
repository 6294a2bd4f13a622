using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>A parameter of a body that an event can bring, as a person is asked for it. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it takes.</param>
internal sealed record PayloadField(string Name, PayloadFieldKind Kind)
{
    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it takes several values.</summary>
    public bool IsList { get; init; }

    /// <summary>What can be chosen; empty where that is open.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The smallest number; null for any.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest number; null for any.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether the number has no fraction.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How many characters the text may have; null for any number.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What it is unless given, where that is a constant; null where it is not.</summary>
    public string? Default { get; init; }

    /// <summary>What the author says of it; null for nothing.</summary>
    public string? Help { get; init; }

    /// <summary>What is wrong with a value, as far as that can be told without the body; null for nothing.</summary>
    /// <param name="value">A text, a number or another value of JSON; an array of these where there are several.</param>
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
