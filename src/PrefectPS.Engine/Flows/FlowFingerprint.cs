using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>
/// Content hash of a flow and of each task: stable across processes, systems, cultures and line endings. It covers what a task does and with which
/// inputs, not retries, timeouts, tags or handlers.
/// </summary>
/// <param name="Text">Hash of the whole flow: <c>sha256:…</c>.</param>
/// <param name="TaskHashes">For each task, in definition order, the first <see cref="TaskHashSize"/> bytes of its hash.</param>
internal sealed record FlowFingerprint(string Text, byte[] TaskHashes)
{
    /// <summary>Bytes kept of each task hash: enough to detect a change, short enough to travel with every task.</summary>
    public const int TaskHashSize = 4;

    /// <summary>Computes the fingerprint of a flow.</summary>
    public static FlowFingerprint Of(Flow flow, FlowPlan plan)
    {
        using var sha = SHA256.Create();
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, JsonStyle.Writer);
        var shortHashes = new byte[plan.Tasks.Length * TaskHashSize];
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var task in plan.Tasks)
        {
            var hash = Hash(() => WriteTask(json, plan, task));
            Array.Copy(hash, 0, shortHashes, task.Index * TaskHashSize, TaskHashSize);
            all.AppendData(hash);
        }

        all.AppendData(Hash(() => WriteFlow(json, flow)));
        return new("sha256:" + HashText.Of(all.GetHashAndReset()), shortHashes);

        byte[] Hash(Action write)
        {
            write();
            json.Flush();
            var hash = sha.ComputeHash(buffer.GetBuffer(), 0, (int)buffer.Length);
            json.Reset();
            buffer.SetLength(0);
            return hash;
        }
    }

    private static void WriteFlow(Utf8JsonWriter json, Flow flow)
    {
        json.WriteStartArray();
        json.WriteStringValue(flow.Name);
        json.WriteStringValue(Normalise(flow.ParameterSet.Source));
        json.WriteEndArray();
    }

    private static void WriteTask(Utf8JsonWriter json, FlowPlan plan, FlowTask task)
    {
        json.WriteStartArray();
        json.WriteStringValue(task.Slug);
        json.WriteStringValue(task.Name);
        json.WriteStringValue(task.Target?.Text);
        json.WriteStringValue(Normalise(task.TriggerRule.Name));
        json.WriteStringValue(task.Subflow?.Plan.Fingerprint ?? Normalise(task.Body!.Source));
        json.WriteStringValue(Normalise(task.Condition?.Source));
        json.WriteBooleanValue(task.SkipOnUpstreamSkip);
        json.WriteNumberValue(task.Flatten ? -task.MapCount : task.MapCount);
        foreach (var upstream in plan.UpstreamOf(task.Index))
            json.WriteStringValue(plan.Tasks[upstream].Slug);
        foreach (var input in task.InputFrom)
            json.WriteStringValue(input.Key);
        foreach (var argument in task.Arguments)
        {
            json.WriteStringValue(argument.Key);
            json.WriteStringValue(Show(task.Flow.Services.Values.Unwrap(argument.Value)));
        }

        WriteLists(json, plan, task);
        if (task.Event is { } wait)
        {
            json.WriteStringValue(wait.Name);
            json.WriteNumberValue((int)wait.TimeoutAction);
        }

        if (task.Poll is { } poll)
        {
            json.WriteStringValue(Normalise(poll.Test.Source));
            json.WriteNumberValue((int)poll.TimeoutAction);
        }

        json.WriteEndArray();
    }

    private static void WriteLists(Utf8JsonWriter json, FlowPlan plan, FlowTask task)
    {
        foreach (var gathered in task.Gathered)
        {
            json.WriteNumberValue(gathered.Count);
            for (var i = gathered.Start; i < gathered.Start + gathered.Count; i++)
                json.WriteStringValue(plan.Tasks[plan.Inputs[task.Index][i]].Slug);
        }

        foreach (var source in task.MapSources)
        {
            json.WriteStringValue(source.Name);
            json.WriteStringValue(source.Parameter);
            foreach (var element in source.Parameter is null ? MapSource.ListOf(source.Constant)! : Array.Empty<object>())
                json.WriteStringValue(Show(task.Flow.Services.Values.Unwrap(element)));
        }
    }

    // Objects have no text that is stable across processes; secrets must not leave any trace.
    private static string? Show(object? argument) => argument switch
    {
        null => null,
        string text => Normalise(text),
        NamedSecret secret => secret.ToString(),
        Enum name => name.ToString(),
        DateTime or DateTimeOffset => ((IFormattable)argument).ToString("O", CultureInfo.InvariantCulture),
        ValueType and IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => argument.GetType().Name,
    };

    private static string? Normalise(string? text) => text?.Replace("\r\n", "\n");
}
