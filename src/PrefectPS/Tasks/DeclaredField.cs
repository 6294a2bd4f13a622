using System.Globalization;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The form field of a parameter, derived from the type, attributes and default in its declaration.</summary>
internal static class DeclaredField
{
    private static readonly Dictionary<Type, (double Minimum, double Maximum)> WholeNumbers = new()
    {
        [typeof(byte)] = (byte.MinValue, byte.MaxValue),
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue),
        [typeof(short)] = (short.MinValue, short.MaxValue),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue),
        [typeof(int)] = (int.MinValue, int.MaxValue),
        [typeof(uint)] = (uint.MinValue, uint.MaxValue),
        [typeof(long)] = (long.MinValue, long.MaxValue),
        [typeof(ulong)] = (ulong.MinValue, ulong.MaxValue),
    };

    /// <summary>The field of a parameter.</summary>
    public static PayloadField Of(DeclaredParameter parameter)
    {
        var type = parameter.Type.IsArray ? parameter.Type.GetElementType()! : Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        var shown = new PayloadField(parameter.Name, KindOf(parameter, type, out var choices))
        {
            Choices = choices,
            IsList = parameter.Type.IsArray,
            IsRequired = parameter.IsMandatory && parameter.Sets.All(parameter.IsMandatoryIn),
            Default = TextOf(parameter.ConstantDefault),
            Help = parameter.Help,
            MaxLength = parameter.ArgumentsOf<ValidateLengthAttribute>() is [_, int longest] ? longest : null,
        };
        return shown.Kind == PayloadFieldKind.Number ? WithRange(shown, type, parameter.ArgumentsOf<ValidateRangeAttribute>()) : shown;
    }

    private static PayloadFieldKind KindOf(DeclaredParameter parameter, Type type, out IReadOnlyList<string> choices)
    {
        choices = parameter.ArgumentsOf<ValidateSetAttribute>() is { Count: > 0 } set && set.All(choice => choice is not null)
            ? [.. set.Select(choice => TextOf(choice)!)]
            : type.IsEnum && !type.IsDefined(typeof(FlagsAttribute), inherit: false) ? Enum.GetNames(type) : [];
        return parameter.IsSecret ? PayloadFieldKind.Secret
            : choices.Count > 0 ? PayloadFieldKind.Choice
            : type == typeof(SwitchParameter) || type == typeof(bool) ? PayloadFieldKind.Switch
            : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? PayloadFieldKind.Time
            : type.FullName == "System.DateOnly" ? PayloadFieldKind.Date
            : WholeNumbers.ContainsKey(type) || type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? PayloadFieldKind.Number
            : PayloadFieldKind.Text;
    }

    private static PayloadField WithRange(PayloadField number, Type type, IReadOnlyList<object?>? range)
    {
        var isWhole = WholeNumbers.TryGetValue(type, out var limits);
        double? minimum = isWhole ? limits.Minimum : null;
        double? maximum = isWhole ? limits.Maximum : null;
        if (range is [{ } from, { } to])
            (minimum, maximum) = (NumberOf(from) ?? minimum, NumberOf(to) ?? maximum);
        else if (range is ["Positive"] && isWhole)
            minimum = 1;
        else if (range is ["NonNegative" or "Positive"])
            minimum = 0;
        return number with { IsWhole = isWhole, Minimum = minimum, Maximum = maximum };
    }

    private static double? NumberOf(object value) =>
        double.TryParse(TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? TextOf(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
}
