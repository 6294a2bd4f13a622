using System.Security.Cryptography;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>One short text that tells two flows apart: equal for equal flows in any process, on any system, with any line endings.</summary>
internal static class FlowFingerprint
{
    public static string Of(Flow flow, FlowPlan plan)
    {
        var content = JsonStyle.ToBytes(json =>
        {
            json.WriteStartArray();
            json.WriteStringValue(flow.Name);
            json.WriteStringValue(Normalise(flow.ParameterSet.Source));
            foreach (var task in plan.Tasks)
                WriteTask(json, plan, task);
            json.WriteEndArray();
        });

        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(content);
        return "sha256:" + string.Concat(hash.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void WriteTask(Utf8JsonWriter json, FlowPlan plan, FlowTask task)
    {
        json.WriteStartArray();
        json.WriteStringValue(task.Slug);
        json.WriteStringValue(task.Name);
        json.WriteStringValue(task.Target?.Text);
        json.WriteStringValue(Normalise(task.Trigger.Name));
        json.WriteStringValue(string.Join("\n", task.Tags));
        json.WriteStringValue(task.Subflow?.Plan.Fingerprint ?? Normalise(task.Body!.Source));
        json.WriteStringValue(Normalise(task.When?.Source));
        json.WriteBooleanValue(task.SkipOnUpstreamSkip);
        json.WriteNumberValue(task.Flatten ? -task.MapCount : task.MapCount);
        foreach (var index in plan.UpstreamOf(task.Index))
            json.WriteNumberValue(index);
        foreach (var input in task.InputFrom)
            json.WriteStringValue(input.Key);
        json.WriteEndArray();
    }

    private static string? Normalise(string? text) => text?.Replace("\r\n", "\n");
}
