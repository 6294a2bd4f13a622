using System.Collections;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The limits that <c>New-FlowStore -ConcurrencyLimit</c> gives: tag = number.</summary>
internal static class LimitParameter
{
    private const int MostPlaces = 1000; // each is an object, and is looked for by itself

    /// <summary>The limits.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: what is given is no tag, or no number of places.</exception>
    public static IReadOnlyDictionary<string, int> Resolve(string store, IDictionary given)
    {
        var limits = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry limit in given)
        {
            var tag = limit.Key.ToString() ?? string.Empty;
            if (DefinedName.FaultIn(tag) is { } fault)
                throw ProviderErrors.StoreInvalid(store, $"a tag in -ConcurrencyLimit {fault}");
            if (limits.ContainsKey(tag))
                throw ProviderErrors.StoreInvalid(store, $"-ConcurrencyLimit has tag '{tag}' twice; capitals make no difference");
            limits[tag] = NumberOf(PowerShellValues.Instance.Unwrap(limit.Value)) is { } places and >= 1 and <= MostPlaces
                ? places
                : throw ProviderErrors.StoreInvalid(store, $"-ConcurrencyLimit gives tag '{tag}' '{limit.Value}'; it takes a whole number from 1 to {MostPlaces}");
        }

        return limits;
    }

    private static int? NumberOf(object? given)
    {
        if (given is null or bool or char)
            return null;
        try
        {
            var number = Convert.ToDecimal(given, CultureInfo.InvariantCulture);
            return number == decimal.Truncate(number) && number is >= 0 and <= MostPlaces ? (int)number : null;
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }
}
