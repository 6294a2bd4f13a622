using System.Globalization;
using System.Text;
using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>
/// Writes a run as the bare array of tasks and states of the original Prefect trick, each state as Prefect 1.4.1's <c>State.serialize</c> writes it. What Prefect has no
/// field for is in the state's context, under <c>prefectps</c>; the first state of a recorded run also has the run's identity there.
/// </summary>
public static class PrefectWriter
{
    private const string PrefectVersion = "1.4.1";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff";
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>Writes the array as ASCII.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a result contains too many bytes.</exception>
    public static byte[] Write(FlowState run)
    {
        if (run.Identity.Due is not null)
            throw FlowErrors.NoRunYet(run);
        LargeBytes.Refuse(run);
        return DocumentSize.Fit(run, each => AsciiJson.Of(JsonStyle.ToBytes(json => Write(json, each))));
    }

    private static void Write(Utf8JsonWriter json, FlowState run)
    {
        json.WriteStartArray();
        foreach (var task in run.Flow.Plan.Tasks)
        {
            json.WriteStartObject();
            StateWriter.WriteTask(json, task);
            json.WritePropertyName(DocumentKeys.State);
            try
            {
                WriteState(json, task, run.States[task.Index], run.Flow.Services.Values, task.Index == 0 && run.Flow.RecordsRuns ? run.Identity : null);
            }
            catch (FlowException e) when (e.InnerException is ValueFaultException)
            {
                throw FlowErrors.ResultNotWritable(task.Slug, e);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The state's result class in Prefect. A body that ran has a Result, whatever it returned or threw.</summary>
    internal static string ResultTypeOf(State state) =>
        state.KnownResult is not null || state.Error is not null || (state.IsFinished && state.Started is not null) ? StateWriter.PlainResult : StateWriter.NoResult;

    /// <summary>True if the state's context has the task's tags: in Prefect any state made while the task ran.</summary>
    internal static bool HasTags(StateType type) => type != StateType.Pending;

    private static void WriteState(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values, RunIdentity? run = null)
    {
        if (state.LoopResult?.HoldsSecret(values) == true)
            state = state.RestartLoop();
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Type, state.Type.Name());
        json.WriteString(DocumentKeys.Message, state.Message);
        if (state.Type == StateType.Mapped)
            json.WriteNumber(DocumentKeys.MapCount, state.Children?.Length ?? state.Prefect?.MapCount ?? 0);
        else
            WriteResult(json, state, values);
        WriteFieldsOfType(json, task, state, values);
        WriteContext(json, task, state, values, run is { Coverage: not IdentityCoverage.None } ? run : null);
        StateWriter.WriteRaw(json, DocumentKeys.CachedInputs, state.Prefect?.CachedInputs ?? RawJson.EmptyObject);
        json.WriteString(DocumentKeys.PrefectVersion, PrefectVersion);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, State state, IValueAdapter values)
    {
        var type = StateWriter.ResultTypeOf(state) ?? ResultTypeOf(state);
        json.WriteStartObject(DocumentKeys.Result);
        if (IsInLocation(state, values))
        {
            json.WriteString(DocumentKeys.Type, type);
            json.WriteString(DocumentKeys.Location, Encoding.UTF8.GetString(JsonStyle.ToBytes(value => ValueWriter.Write(value, state.Result!.Value, values))));
        }
        else
        {
            json.WriteString(DocumentKeys.Type, type);
            if (state.Result?.Location is not null)
                StateWriter.WriteLocation(json, state.Result);
            else if (type != StateWriter.NoResult)
                json.WriteNull(DocumentKeys.Location);
        }

        if (state.Prefect?.ResultFields is { } fields)
            RawJson.WriteProperties(json, fields);
        json.WriteString(DocumentKeys.PrefectVersion, PrefectVersion);
        json.WriteEndObject();
    }

    private static bool IsInLocation(State state, IValueAdapter values) =>
        state is { Prefect.ResultType: StateWriter.ValueInLocation, KnownResult: { Location: null } result } && !result.HoldsSecret(values);

    private static void WriteFieldsOfType(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values)
    {
        if (state.Type.Has(StateTraits.Scheduled))
            WriteTime(json, DocumentKeys.StartTime, state.DueTime, hasOffset: state.Prefect?.HasLocalStartTime != true);
        if (state.Type == StateType.Retrying)
            json.WriteNumber(DocumentKeys.RunCount, state.RunCount);
        if (state.Type == StateType.Looped)
            json.WriteNumber(DocumentKeys.LoopCount, state.LoopCount);
        if (state.Type == StateType.Cached)
        {
            WriteTime(json, DocumentKeys.CachedExpiration, state.Prefect?.CachedExpiration, hasOffset: true);
            StateWriter.WriteRaw(json, DocumentKeys.HashedInputs, state.Prefect?.HashedInputs);
            StateWriter.WriteRaw(json, DocumentKeys.CachedParameters, state.Prefect?.CachedParameters);
        }

        if (!state.Type.IsMeta())
            return;
        json.WritePropertyName(DocumentKeys.State);
        if (state.Prefect?.Wrapped is { } wrapped)
            WriteState(json, task, wrapped, values);
        else
            json.WriteNullValue();
    }

    private static void WriteTime(Utf8JsonWriter json, string key, DateTimeOffset? time, bool hasOffset) =>
        json.WriteString(key, time is { } known ? Text(known.UtcDateTime, hasOffset) : null);

    // Python's isoformat: six fractional digits, or none.
    private static string Text(DateTime time, bool hasOffset) =>
        time.ToString(time.Ticks % TimeSpan.TicksPerSecond < TicksPerMicrosecond ? "s" : TimeFormat, CultureInfo.InvariantCulture) + (hasOffset ? "+00:00" : string.Empty);

    private static void WriteContext(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values, RunIdentity? run)
    {
        json.WriteStartObject(DocumentKeys.Context);
        if (state.Prefect?.Context is { } context)
            RawJson.WriteProperties(json, context);
        else if (HasTags(state.Type))
            WriteTags(json, task);
        if (HasRunCount(state))
            json.WriteNumber(DocumentKeys.TaskRunCount, state.RunCount);
        if (StateWriter.HasLoopCount(state))
            json.WriteNumber(DocumentKeys.ContextLoopCount, state.LoopCount);
        var isInContext = state.KnownResult is { Location: null } && !IsInLocation(state, values);
        if (isInContext || StateWriter.HasMarks(state) || state is { Error: not null } or { Started: not null } or { LoopResult: not null } or { ForceRerun: true }
            or { Children: not null } or { SubflowRun: not null } || run is not null)
            WriteOwn(json, task, state, values, isInContext, run);
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, FlowTask task)
    {
        json.WriteStartArray(DocumentKeys.Tags);
        foreach (var tag in task.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
    }

    // A Retrying state has its own count, and a context only if it was made while the task ran.
    private static bool HasRunCount(State state) => state.Prefect is { Context: not null } prefect
        ? StateWriter.HasRunCount(state, prefect)
        : state.RunCount > 1;

    private static void WriteOwn(Utf8JsonWriter json, FlowTask task, State state, IValueAdapter values, bool withValue, RunIdentity? run)
    {
        json.WriteStartObject(DocumentKeys.Own);
        if (run is not null)
            WriteRun(json, run);
        if (state.Children is { } children)
        {
            json.WriteStartArray(DocumentKeys.Children);
            foreach (var child in children)
                WriteState(json, task, child, values);
            json.WriteEndArray();
        }

        if (state.SubflowRun is { } subflow)
            FlowStateWriter.WriteSubflow(json, subflow);
        if (withValue && state.Result!.HoldsSecret(values))
            json.WriteBoolean(DocumentKeys.Secret, true);
        else if (withValue)
            StateWriter.WriteValue(json, DocumentKeys.Value, state.Result!, values);
        if (state.ForceRerun)
            json.WriteBoolean(DocumentKeys.Repeat, true);
        if (state.LoopResult is { } loopResult)
            StateWriter.WriteValue(json, DocumentKeys.LoopResult, loopResult, values);
        StateWriter.WriteMarks(json, state);
        if (state.Error is { } error)
            StateWriter.WriteError(json, error);
        if (state.Started is { } started)
            json.WriteString(DocumentKeys.Started, started.UtcDateTime);
        if (state.Ended is { } ended)
            json.WriteString(DocumentKeys.Ended, ended.UtcDateTime);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, RunIdentity run)
    {
        json.WriteStartObject(DocumentKeys.Run);
        json.WriteString(DocumentKeys.Id, run.RunId);
        json.WriteNumber(DocumentKeys.Step, run.Step);
        json.WriteString(DocumentKeys.Started, run.Started.UtcDateTime);
        if (run.Zone is { } zone)
            json.WriteString(DocumentKeys.Zone, zone);
        json.WriteEndObject();
    }
}
