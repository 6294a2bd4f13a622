using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>Reads a run from a state document: the full format, or the bare array of tasks and states of the original Prefect trick.</summary>
internal ref struct FlowStateReader(Flow flow, ResultStore? results, ReadingOptions options, ReadingProgress progress)
{
    private readonly TaskEntries _entries = new(flow.Plan.Tasks);
    private readonly DocumentHead _head = new();
    private bool _isBareArray;
    private FlowChanges? _changes;

    /// <summary>Reads a document without requiring a signature.</summary>
    /// <inheritdoc cref="Read(Flow, ReadOnlySpan{byte}, ReadingOptions)"/>
    public static DecodedState Read(Flow flow, ReadOnlySpan<byte> document, IReadOnlyDictionary<string, object?>? parameters = null) =>
        Read(flow, document, parameters is null ? ReadingOptions.Default : new() { Parameters = parameters });

    /// <summary>Reads a document.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="document">The document, UTF-8, with or without a byte order mark.</param>
    /// <param name="options">The options.</param>
    /// <returns>The run, and what did not match the flow.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/> with the position and the expectation, <see cref="FlowErrorId.StateTampered"/>,
    /// <see cref="FlowErrorId.FlowChanged"/> or <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    public static DecodedState Read(Flow flow, ReadOnlySpan<byte> document, ReadingOptions options)
    {
        if (document.StartsWith("\uFEFF"u8))
            document = document.Slice("\uFEFF"u8.Length);
        try
        {
            if (document.Length > Limits.MaxDocumentBytes)
                throw new DocumentFaultException($"it is larger than {Limits.MaxDocumentBytes} bytes", 0);
            if (options.SigningKeys is { } keys)
                DocumentSignature.Verify(document, keys);
            var progress = new ReadingProgress();
            var reader = new FlowStateReader(flow, flow.Results, options, progress);
            var run = reader.ReadDocument(document);
            return new(run, progress.Warnings) { Changes = reader._changes, LostTasks = progress.LostTasks };
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(document, e, options.Inside);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(document, e, options.Inside);
        }
    }

    /// <summary>Reads the run of a subflow, nested in its task's entry.</summary>
    public static FlowState ReadSubflow(Flow flow, ResultStore? results, ReadingProgress progress, ref Utf8JsonReader json)
    {
        var reader = new FlowStateReader(flow, flow.Results ?? results, ReadingOptions.Default, progress);
        reader.ReadEnvelope(ref json);
        return reader.Match();
    }

    private FlowState ReadDocument(ReadOnlySpan<byte> document)
    {
        var json = new Utf8JsonReader(document, JsonStyle.Reader);
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray)
        {
            _isBareArray = true;
            ReadTasks(ref json);
        }
        else
        {
            ReadEnvelope(ref json);
        }

        json.Read(); // throws for content after the document
        if (options.SigningKeys is not null)
            _head.CheckIsOf(flow);
        _head.CheckName(flow);
        return Match();
    }

    private FlowState Match()
    {
        var head = _isBareArray ? progress.ArrayHead ?? _head : _head;
        var run = head.ToRun(flow, options.Parameters, options.RunId);
        var matcher = new StateMatcher(flow, run, matchByName: _isBareArray, options.OnChange, progress);
        var matched = matcher.Match(_entries, head);
        _changes = matcher.Changes;
        return matched;
    }

    private void ReadEnvelope(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a state document (an object or an array)");
        var start = json.TokenStartIndex;
        var hasTasks = false;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Tasks)
            {
                JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of tasks");
                ReadTasks(ref json);
                hasTasks = true;
            }
            else if (!_head.ReadProperty(ref json, key, flow.Services.Values))
            {
                json.Skip();
            }
        }

        if (!hasTasks)
            throw new DocumentFaultException("the document has no 'tasks'", start);
    }

    private readonly void ReadTasks(ref Utf8JsonReader json)
    {
        var runStarted = _isBareArray ? null : _head.Started;
        var reader = new TaskEntryReader(flow, results, progress, runStarted);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            _entries.Add(reader.Read(ref json, _entries.Count), runStarted);
    }
}
