using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Writes a run as a state document, version 1.</summary>
public static class FlowStateWriter
{
    internal const int Version = 1;

    /// <summary>Writes the document as ASCII, for transport.</summary>
    /// <param name="run">The run.</param>
    /// <param name="keys">The signing keys; null for no signature.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a result contains too many bytes.</exception>
    public static byte[] Write(FlowState run, SigningKeys? keys = null)
    {
        LargeBytes.Refuse(run);
        var document = DocumentSize.Fit(run, each => AsciiJson.Of(JsonStyle.ToBytes(json => Write(json, each, _ => { }))));
        return keys is null ? document : DocumentSignature.Sign(document, keys);
    }

    /// <summary>Writes the document as UTF-8 in gzip, for the store.</summary>
    /// <param name="run">The run.</param>
    /// <param name="writeHead">Writes leading properties of the caller, which readers ignore.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the results alone exceed the limit.</exception>
    internal static PackedJson WritePacked(FlowState run, Action<Utf8JsonWriter> writeHead) =>
        DocumentSize.Fit(run, each => PackedJson.Of(json => Write(json, each, writeHead)), document => document.Bytes);

    private static void Write(Utf8JsonWriter json, FlowState run, Action<Utf8JsonWriter> writeHead)
    {
        json.WriteStartObject();
        writeHead(json);
        json.WriteNumber(DocumentKeys.Version, Version);
        WriteRun(json, run);
        json.WriteEndObject();
    }

    /// <summary>Writes the run of a subflow, as a nested document.</summary>
    internal static void WriteSubflow(Utf8JsonWriter json, FlowState subflow)
    {
        json.WriteStartObject(DocumentKeys.Subflow);
        WriteRun(json, subflow);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, FlowState run)
    {
        WriteHead(json, run, withHashes: true);
        json.WriteStartObject(DocumentKeys.State);
        json.WriteString(DocumentKeys.Type, run.StateType.Name());
        json.WriteString(DocumentKeys.Message, run.Message);
        if (run.NextStartTime is { } next)
            json.WriteString(DocumentKeys.StartTime, next.UtcDateTime);
        json.WriteEndObject();
        json.WriteStartArray(DocumentKeys.Tasks);
        var values = run.Flow.Services.Values;
        foreach (var task in run.Flow.Plan.Tasks)
        {
            WriteTask(json, task, run.States[task.Index], run.StartTime, values);
            JsonStyle.FlushIfMuch(json);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the document's flow and run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the run is only due by a schedule and has not begun.</exception>
    internal static void WriteHead(Utf8JsonWriter json, FlowState run, bool withHashes)
    {
        if (run.Identity.Due is not null)
            throw FlowErrors.NoRunYet(run);
        json.WriteStartObject(DocumentKeys.Flow);
        json.WriteString(DocumentKeys.Name, run.Flow.Name);
        json.WriteString(DocumentKeys.Fingerprint, run.Flow.Plan.Fingerprint);
        if (withHashes)
            json.WriteBase64String(DocumentKeys.Hashes, run.Flow.Plan.TaskHashes);
        json.WriteEndObject();
        json.WriteStartObject(DocumentKeys.Run);
        json.WriteString(DocumentKeys.Id, run.RunId);
        json.WriteNumber(DocumentKeys.Step, run.Step);
        json.WriteString(DocumentKeys.Started, run.StartTime.UtcDateTime);
        WriteParameters(json, run.Identity, run.Flow.Services.Values);
        if (run.Identity.IsSensitive)
            json.WriteBoolean(DocumentKeys.Sensitive, true);
        if (run.Identity.Zone is { } zone)
            json.WriteString(DocumentKeys.Zone, zone);
        if (run.Identity.Selection is { } selection)
        {
            json.WritePropertyName(DocumentKeys.Selection);
            SelectionDocument.Write(json, selection);
        }

        RunControlText.Write(json, run.Identity.Control);
        json.WriteEndObject();
    }

    /// <summary>Writes a run's parameters, and only the names of secret ones.</summary>
    internal static void WriteParameters(Utf8JsonWriter json, RunIdentity run, IValueAdapter values)
    {
        json.WriteStartObject(DocumentKeys.Parameters);
        foreach (var parameter in run.Parameters)
        {
            if (run.IsSecret(parameter.Key))
                continue;
            json.WritePropertyName(parameter.Key);
            ValueWriter.Write(json, parameter.Value, values);
        }

        json.WriteEndObject();
        if (run.Secrets.Count == 0)
            return;
        json.WriteStartArray(DocumentKeys.Secrets);
        foreach (var name in run.Secrets)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    /// <summary>Writes a task and its state: an element of the document's tasks.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="task">The task.</param>
    /// <param name="state">The task's state, or that of a child.</param>
    /// <param name="runStarted">The start of the run.</param>
    /// <param name="values">Inspects objects of the language.</param>
    internal static void WriteTask(Utf8JsonWriter json, Flows.FlowTask task, State state, DateTimeOffset runStarted, IValueAdapter values)
    {
        json.WriteStartObject();
        StateWriter.WriteTask(json, task);
        WriteEntry(json, task, child: null, state, runStarted, values);
        if (state.Children is { } children)
        {
            json.WriteStartArray(DocumentKeys.Children);
            for (var child = 0; child < children.Length; child++)
            {
                json.WriteStartObject();
                WriteEntry(json, task, child, children[child], runStarted, values);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, Flows.FlowTask task, int? child, State state, DateTimeOffset runStarted, IValueAdapter values)
    {
        json.WriteStartObject(DocumentKeys.State);
        try
        {
            WriteState(json, state, values);
        }
        catch (FlowException e) when (e.InnerException is ValueFaultException)
        {
            throw FlowErrors.ResultNotWritable(ChildSlug.Of(task, child), e);
        }

        json.WriteEndObject();
        if (state is { Started: { } started, Ended: { } ended })
            StateWriter.WriteTime(json, started - runStarted, ended - started);
        if (state.SubflowRun is { } subflow)
            WriteSubflow(json, subflow);
    }

    /// <summary>Writes a state's properties into the current object.</summary>
    internal static void WriteState(Utf8JsonWriter json, State state, IValueAdapter values)
    {
        json.WriteString(DocumentKeys.Type, state.Type.Name());
        if (state.Message is not null)
            json.WriteString(DocumentKeys.Message, state.Message);
        if ((state.Children?.Length ?? state.Prefect?.MapCount) is { } children)
            json.WriteNumber(DocumentKeys.MapCount, children);
        if (state.KnownResult is not null || state.Prefect is { ResultType: not null } or { ResultFields: not null })
            WriteResult(json, state, values);
        if (state.ForceRerun)
            json.WriteBoolean(DocumentKeys.Repeat, true);
        if (state.DueTime is { } due)
            WriteTime(json, DocumentKeys.StartTime, due, isLocal: state.Prefect?.HasLocalStartTime == true);
        if (state.Type == StateType.Retrying)
            json.WriteNumber(DocumentKeys.RunCount, state.RunCount);
        if (state.LoopResult?.HoldsSecret(values) == true)
            state = state.RestartLoop();
        if (state.Type == StateType.Looped && state.LoopCount > 1)
            json.WriteNumber(DocumentKeys.LoopCount, state.LoopCount);
        if (StateWriter.HasRunCount(state, state.Prefect) || StateWriter.HasLoopCount(state) || HasOwn(state) || state.Prefect?.Context is not null)
            WriteContext(json, state, values);
        if (state.Error is { } error)
            StateWriter.WriteError(json, error);
        if (state.Prefect is { } prefect)
            WritePrefectFields(json, prefect, values);
    }

    private static void WriteTime(Utf8JsonWriter json, string key, DateTimeOffset time, bool isLocal) =>
        json.WriteString(key, isLocal ? DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified) : time.UtcDateTime);

    private static void WritePrefectFields(Utf8JsonWriter json, PrefectFields fields, IValueAdapter values)
    {
        if (fields.CachedInputs is { } cached)
            StateWriter.WriteRaw(json, DocumentKeys.CachedInputs, cached);
        if (fields.HashedInputs is { } hashed)
            StateWriter.WriteRaw(json, DocumentKeys.HashedInputs, hashed);
        if (fields.CachedParameters is { } parameters)
            StateWriter.WriteRaw(json, DocumentKeys.CachedParameters, parameters);
        if (fields.CachedExpiration is { } expiration)
            WriteTime(json, DocumentKeys.CachedExpiration, expiration, isLocal: false);
        if (fields.Wrapped is { } wrapped)
        {
            json.WriteStartObject(DocumentKeys.State);
            WriteState(json, wrapped, values);
            json.WriteEndObject();
        }
    }

    private static void WriteResult(Utf8JsonWriter json, State state, IValueAdapter values)
    {
        json.WriteStartObject(DocumentKeys.Result);
        json.WriteString(DocumentKeys.Type, StateWriter.ResultTypeOf(state) ?? StateWriter.PlainResult);
        if (state.Result is { Location: not null } stored)
            StateWriter.WriteLocation(json, stored);
        else if (state.Result?.HoldsSecret(values) == true)
            json.WriteBoolean(DocumentKeys.Secret, true);
        else if (state.KnownResult is { } result)
            StateWriter.WriteValue(json, DocumentKeys.Value, result, values);
        if (state.Prefect?.ResultFields is { } fields)
            RawJson.WriteProperties(json, fields);
        json.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter json, State state, IValueAdapter values)
    {
        json.WriteStartObject(DocumentKeys.Context);
        if (state.Prefect?.Context is { } context)
            RawJson.WriteProperties(json, context);
        if (StateWriter.HasRunCount(state, state.Prefect))
            json.WriteNumber(DocumentKeys.TaskRunCount, state.RunCount);
        if (StateWriter.HasLoopCount(state))
            json.WriteNumber(DocumentKeys.ContextLoopCount, state.LoopCount);
        if (HasOwn(state))
        {
            json.WriteStartObject(DocumentKeys.Own);
            if (state.LoopResult is { } result)
                StateWriter.WriteValue(json, DocumentKeys.LoopResult, result, values);
            StateWriter.WriteMarks(json, state);
            if (IsUnderWay(state))
                json.WriteString(DocumentKeys.Started, state.Started!.Value.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static bool HasOwn(State state) => state.LoopResult is not null || StateWriter.HasMarks(state) || IsUnderWay(state);

    // The end of an unfinished subflow is set in a later step; the times of other tasks are written beside their state.
    private static bool IsUnderWay(State state) => state is { SubflowRun: not null, Started: not null, Ended: null };
}
