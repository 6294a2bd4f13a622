using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>The head of a document: its flow and run.</summary>
internal sealed class DocumentHead
{
    private readonly Dictionary<string, object?> _parameters = RunParameters.NewTable();
    private readonly List<string> _secrets = [];
    private bool _isSensitive;
    private string? _runId;
    private string? _zone;
    private RunSelection? _selection;
    private int _step;
    private DateTimeOffset? _started;
    private RunControl _control = RunControl.None;
    private List<KnownRequest> _known = [];

    /// <summary>The flow's name; null where unspecified.</summary>
    public string? FlowName { get; private set; }

    /// <summary>The run's id; null where unspecified.</summary>
    public string? RunId => _runId;

    /// <summary>The flow's fingerprint; null where unspecified.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>The tasks' hashes, in document order; null for none.</summary>
    public byte[]? TaskHashes { get; private set; }

    /// <summary>The names of the parameters with a value or marked as secret.</summary>
    public IEnumerable<string> Parameters => _parameters.Keys.Concat(_secrets);

    /// <summary>True if the document is a bare array, which cannot hold the whole head.</summary>
    public bool IsOfArray { get; init; }

    /// <summary>When the run started; null where unspecified.</summary>
    public DateTimeOffset? Started => _started;

    /// <summary>Reads a property's value, if it belongs to the head.</summary>
    public bool ReadProperty(ref Utf8JsonReader json, string key, IValueAdapter values)
    {
        switch (key)
        {
            case DocumentKeys.Version:
                CheckVersion(ref json);
                return true;
            case DocumentKeys.Flow:
                ReadFlow(ref json);
                return true;
            case DocumentKeys.Run:
                ReadRun(ref json, values);
                return true;
            case RecordKeys.Requests:
                _known = KnownRequestsText.Read(ref json);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Creates the run's identity; unspecified parts are those of a new run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="given">Values of parameters that the document lacks.</param>
    /// <param name="chosenId">The run id chosen by the caller; null for none.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ParameterInvalid"/>, or <see cref="FlowErrorId.StateInvalid"/>: the document is of a different run.
    /// </exception>
    public RunIdentity ToRun(Flow flow, IReadOnlyDictionary<string, object?> given, string? chosenId = null)
    {
        if (_runId is not null && chosenId is not null && _runId != chosenId)
            throw FlowErrors.StateOfAnotherRun(JsonTokens.Shorten(_runId), chosenId);
        var now = flow.Services.Clock.GetUtcNow();
        var id = _runId ?? chosenId ?? flow.Services.NewRunId(now);
        string[] secrets = [.. _secrets.Where(name => flow.Parameters.Contains(name, StringComparer.OrdinalIgnoreCase))];
        var parameters = RunParameters.Complete(flow, id, _parameters, given, secrets);
        return new(id, _step, _started ?? now, parameters)
        {
            Secrets = secrets,
            IsSensitive = _isSensitive,
            Zone = _zone ?? TargetZone.NameFor(flow),
            Selection = _selection,
            Coverage = CoverageOf(chosenId),
            Control = ToControl(),
        };
    }

    private IdentityCoverage CoverageOf(string? chosenId) =>
        _runId is not null ? IsOfArray ? IdentityCoverage.Step : IdentityCoverage.Whole : chosenId is null ? IdentityCoverage.None : IdentityCoverage.Id;

    /// <summary>Verifies that a signed document names this flow and a run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateTampered"/>.</exception>
    public void CheckIsOf(Flow flow)
    {
        if (FlowName is null || _runId is null)
            throw FlowErrors.StateTampered("it does not say of which flow and run it is");
        if (FlowName != flow.Name)
            throw FlowErrors.StateTampered($"it is of flow '{JsonTokens.Shorten(FlowName)}', not of '{flow.Name}'");
    }

    /// <summary>Verifies that the document, if it names a flow, names this one.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public void CheckName(Flow flow)
    {
        if (FlowName is { } name && name != flow.Name)
            throw FlowErrors.StateOfAnotherFlow(JsonTokens.Shorten(name), flow);
    }

    private RunControl ToControl() => _known.Count == 0 ? _control : _control with { Known = _known, Count = _known.Count };

    private static void CheckVersion(ref Utf8JsonReader json)
    {
        var version = JsonTokens.Integer(ref json, min: 1);
        if (version != FlowStateWriter.Version)
            throw JsonTokens.Fault(ref json, $"the version is {version}; this PrefectPS reads version {FlowStateWriter.Version}");
    }

    private void ReadFlow(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Name)
                FlowName = JsonTokens.Name(ref json);
            else if (key == DocumentKeys.Fingerprint)
                Fingerprint = JsonTokens.Name(ref json);
            else if (key == DocumentKeys.Hashes)
                TaskHashes = JsonTokens.Base64(ref json);
            else
                json.Skip();
        }
    }

    /// <summary>Reads the run's identity.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public void ReadRun(ref Utf8JsonReader json, IValueAdapter values)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Id)
                _runId = JsonTokens.Name(ref json);
            else if (key == DocumentKeys.Step)
                _step = JsonTokens.Integer(ref json, min: 0, Limits.MaxSteps);
            else if (key == DocumentKeys.Started)
                _started = ReadStarted(ref json);
            else if (key == DocumentKeys.Parameters)
                ReadParameters(ref json, _parameters, values);
            else if (key == DocumentKeys.Secrets)
                _secrets.AddRange(JsonTokens.List(ref json, "an array of names", JsonTokens.Name));
            else if (key == DocumentKeys.Sensitive)
                _isSensitive = JsonTokens.Flag(ref json);
            else if (key == DocumentKeys.Zone)
                _zone = JsonTokens.Name(ref json);
            else if (key == DocumentKeys.Selection)
                _selection = SelectionDocument.Read(ref json);
            else if (key == DocumentKeys.Control)
                _control = RunControlText.Read(ref json);
            else
                json.Skip();
        }
    }

    private static DateTimeOffset ReadStarted(ref Utf8JsonReader json)
    {
        var time = JsonTokens.Time(ref json);
        return time.Year is >= Limits.EarliestYear and <= Limits.LatestYear
            ? time
            : throw JsonTokens.Fault(ref json, $"a year from {Limits.EarliestYear} to {Limits.LatestYear} was expected");
    }

    /// <summary>Reads a run's parameters into an empty table.</summary>
    /// <exception cref="DocumentFaultException">A value is malformed, or a name is duplicated.</exception>
    public static void ReadParameters(ref Utf8JsonReader json, Dictionary<string, object?> table, IValueAdapter values)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTokens.Name(ref json);
            if (table.ContainsKey(name))
                throw JsonTokens.Fault(ref json, $"the parameter '{JsonTokens.Shorten(name)}' is there twice");
            json.Read();
            table[name] = JsonTokens.Value(ref json, values);
        }
    }
}
