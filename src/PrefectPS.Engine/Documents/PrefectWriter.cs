using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>
/// Writes a run as the bare array of task and state that the original trick sends, each state as Prefect 1.4.1's
/// <c>State.serialize</c> does. What Prefect has no field for stands in the state's context, under <c>prefectps</c>.
/// </summary>
internal static class PrefectWriter
{
    private const string PrefectVersion = "1.4.1";
    private const string NoResult = "NoResultType";

    // The fields of a state class that are ours to leave empty.
    private static readonly Dictionary<StateType, string[]> EmptyFields = new()
    {
        [StateType.Cached] = ["cached_parameters", "cached_result_expiration", "hashed_inputs"],
        [StateType.Submitted] = ["state"],
        [StateType.Queued] = ["state"],
        [StateType.ClientFailed] = ["state"],
    };

    /// <summary>The array, UTF-8.</summary>
    public static byte[] Write(FlowState run) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartArray();
        foreach (var task in run.Flow.Plan.Tasks)
        {
            json.WriteStartObject();
            StateWriter.WriteTask(json, task);
            json.WritePropertyName(DocumentKeys.State);
            WriteState(json, task, run.States[task.Index], run.Flow.Services.Values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteState(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values)
    {
        if (state.LoopResult?.HoldsSecret(values) == true)
            state = state.LoopAgain();
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Type, state.Type.Name());
        json.WriteString(DocumentKeys.Message, state.Message);
        if (state.Type == StateType.Mapped)
            json.WriteNumber(DocumentKeys.MapCount, state.Children?.Length ?? 0);
        else
            WriteResult(json, state);
        WriteOwnFields(json, state);
        WriteContext(json, task, state, values);
        json.WriteStartObject(DocumentKeys.CachedInputs);
        json.WriteEndObject();
        json.WriteString(DocumentKeys.PrefectVersion, PrefectVersion);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, State state)
    {
        // In Prefect a body that ran has a Result, whatever it returned or threw.
        var any = state.Result is not null || (state.IsFinished && state.Started is not null);
        json.WriteStartObject(DocumentKeys.Result);
        json.WriteString(DocumentKeys.Type, any ? StateWriter.PlainResult : NoResult);
        if (any)
            json.WriteString(DocumentKeys.Location, state.Result?.Location);
        json.WriteString(DocumentKeys.PrefectVersion, PrefectVersion);
        json.WriteEndObject();
    }

    private static void WriteOwnFields(Utf8JsonWriter json, State state)
    {
        if (state.Type.Has(StateTraits.Scheduled))
        {
            json.WritePropertyName(DocumentKeys.StartTime);
            if (state.DueTime is { } due)
                json.WriteStringValue(due.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'+00:00'", System.Globalization.CultureInfo.InvariantCulture));
            else
                json.WriteNullValue();
        }

        if (state.Type == StateType.Retrying)
            json.WriteNumber(DocumentKeys.RunCount, state.RunCount);
        if (state.Type == StateType.Looped)
            json.WriteNumber(DocumentKeys.LoopCount, state.LoopCount);
        foreach (var field in EmptyFields.TryGetValue(state.Type, out var fields) ? fields : [])
            json.WriteNull(field);
    }

    private static void WriteContext(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values)
    {
        json.WriteStartObject(DocumentKeys.Context);
        json.WriteStartArray(DocumentKeys.Tags);
        foreach (var tag in task.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
        StateWriter.WriteCounts(json, state);
        if (state is { Result: { Location: null } } or { Error: not null } or { Started: not null } or { LoopResult: not null } or { Children: not null } or { Subrun: not null })
            WriteOwn(json, task, state, values);
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values)
    {
        json.WriteStartObject(DocumentKeys.Own);
        if (state.Children is { } children)
        {
            json.WriteStartArray(DocumentKeys.Children);
            foreach (var child in children)
                WriteState(json, task, child, values);
            json.WriteEndArray();
        }

        if (state.Subrun is { } subrun)
            FlowStateWriter.WriteSubrun(json, subrun);
        if (state.Result is { Location: null } result && result.HoldsSecret(values))
            json.WriteBoolean(DocumentKeys.Secret, true);
        else if (state.Result is { Location: null } inline)
            StateWriter.WriteValue(json, DocumentKeys.Value, inline, values);
        if (state.LoopResult is { } loopResult)
            StateWriter.WriteValue(json, DocumentKeys.LoopResult, loopResult, values);
        if (state.Error is { } error)
            StateWriter.WriteError(json, error);
        if (state.Started is { } started)
            json.WriteString(DocumentKeys.Started, started.UtcDateTime);
        if (state.Ended is { } ended)
            json.WriteString(DocumentKeys.Ended, ended.UtcDateTime);
        json.WriteEndObject();
    }
}
