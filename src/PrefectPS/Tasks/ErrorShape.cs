using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The data that is kept of an error record, under the same names, without references to its session.</summary>
internal static class ErrorShape
{
    public static IEnumerable<KeyValuePair<string, object?>> PropertiesOf(ErrorRecord error)
    {
        yield return new(nameof(error.Exception), error.Exception);
        yield return new(nameof(error.FullyQualifiedErrorId), error.FullyQualifiedErrorId);
        yield return new(nameof(error.CategoryInfo), Record(
            ("Category", error.CategoryInfo.Category),
            ("Activity", error.CategoryInfo.Activity),
            ("Reason", error.CategoryInfo.Reason),
            ("TargetName", error.CategoryInfo.TargetName)));
        yield return new(nameof(error.TargetObject), error.TargetObject?.ToString());
        if (error.ErrorDetails is { } details)
            yield return new(nameof(error.ErrorDetails), Record(("Message", details.Message), ("RecommendedAction", details.RecommendedAction)));
        if (error.InvocationInfo is { } place)
        {
            yield return new(nameof(error.InvocationInfo), Record(
                ("ScriptName", place.ScriptName),
                ("ScriptLineNumber", place.ScriptLineNumber),
                ("Line", place.Line),
                ("PositionMessage", place.PositionMessage)));
        }

        yield return new(nameof(error.ScriptStackTrace), error.ScriptStackTrace);
    }

    private static PSObject Record(params (string Name, object? Value)[] properties)
    {
        var record = new PSObject();
        foreach (var (name, value) in properties)
            record.Properties.Add(new PSNoteProperty(name, value));
        return record;
    }
}
