using System.Collections;
using System.Management.Automation;
using PrefectPS.Results;

namespace PrefectPS.Tasks;

/// <summary>Finds the first difference between a value and its deserialized copy.</summary>
internal static class ClixmlDifference
{
    /// <summary>The place and both types there, such as <c>'Items[1].Day' is a System.DayOfWeek and would be a System.Int32</c>.</summary>
    public static string Of(object value, object back) => Of(value, back, string.Empty);

    private static string Of(object? value, object? back, string path)
    {
        var (was, is_) = (PowerShellValues.Instance.Unwrap(value), PowerShellValues.Instance.Unwrap(back));
        if (was is not null && is_ is not null && was.GetType() == is_.GetType())
        {
            var others = Parts(is_).ToDictionary(part => part.Key, part => part.Value, StringComparer.Ordinal);
            foreach (var part in Parts(was))
            {
                if (!others.TryGetValue(part.Key, out var other) || !AreSame(part.Value, other))
                    return Of(part.Value, other, path + part.Key);
            }
        }

        var place = path.Length == 0 ? "it" : $"'{path.TrimStart('.')}'";
        return was?.GetType() == is_?.GetType() ? $"{place} has members or an order of keys that would be lost" : $"{place} is a {TypeOf(was)} and would be a {TypeOf(is_)}";
    }

    private static bool AreSame(object? value, object? other) =>
        CanonicalValue.Of(value, PowerShellValues.Instance).AsSpan().SequenceEqual(CanonicalValue.Of(other, PowerShellValues.Instance));

    private static IEnumerable<KeyValuePair<string, object?>> Parts(object value) => value switch
    {
        string => [],
        IDictionary map => DictionaryEntries.Of(map)
            .GroupBy(entry => $"[{entry.Key}]", StringComparer.Ordinal)
            .Select(entries => new KeyValuePair<string, object?>(entries.Key, entries.First().Value)),
        IList items => items.Cast<object?>().Select((item, i) => new KeyValuePair<string, object?>($"[{i}]", item)),
        PSObject record => PowerShellValues.Instance.GetProperties(record).Select(property => new KeyValuePair<string, object?>("." + property.Key, property.Value)),
        _ => [],
    };

    private static string TypeOf(object? value) => value is null ? "null" : value is PSObject ? "record" : value.GetType().ToString();
}
