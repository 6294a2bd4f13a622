using System.Security.Cryptography;
using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>Content hash of a task's script; for a subflow, of its tasks' scripts and dependencies.</summary>
internal static class ScriptHash
{
    private const int Length = 32; // of 64 hex digits: keeps records small, and still excludes accidental collisions

    public static string Of(FlowTask task)
    {
        using var sha = SHA256.Create();
        return HashText.Of(sha.ComputeHash(JsonStyle.ToBytes(json => Write(json, task)))).Substring(0, Length);
    }

    private static void Write(Utf8JsonWriter json, FlowTask task)
    {
        if (task.Subflow is not { } flow)
        {
            json.WriteStringValue(task.Body is ICanonicalBody body ? body.CanonicalSource : task.Body!.Source.Replace("\r\n", "\n"));
            return;
        }

        json.WriteStartArray();
        foreach (var inner in flow.Plan.Tasks)
        {
            json.WriteStringValue(inner.Slug);
            foreach (var upstream in flow.Plan.UpstreamOf(inner.Index))
                json.WriteNumberValue(upstream);
            Write(json, inner);
        }

        json.WriteEndArray();
    }
}
