using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Reads the histories of a run's steps, in order.</summary>
/// <param name="folder">The run.</param>
/// <param name="started">Start of the run.</param>
internal sealed class HistoryReader(RunFolder folder, DateTimeOffset started)
{
    private readonly List<FlowTransition> _changes = []; // including requests
    private readonly List<StepSpan> _steps = [];

    /// <summary>The timeline read so far.</summary>
    public RunTimeline Timeline => new([.. _changes.Where(change => change.RequestedBy is null)], _steps) { All = _changes };

    /// <summary>Reads the history of a step, or part of it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public void Read(int step, byte[] content)
    {
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of changes");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.StartObject)
                    ReadMark(ref json, step);
                else
                    _changes.Add(ReadChange(ref json, step));
            }
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(content, e);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(content, e);
        }
    }

    private void ReadMark(ref Utf8JsonReader json, int step)
    {
        DateTimeOffset? began = null, ended = null, time = null;
        string? by = null, reason = null, message = null;
        var state = StateType.Pending;
        TimeSpan? budget = null;
        int? maxTasks = null;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case RecordKeys.Began:
                    began = started + JsonTokens.Milliseconds(ref json);
                    break;
                case RecordKeys.Ended:
                    ended = started + JsonTokens.Milliseconds(ref json);
                    break;
                case RecordKeys.Budget:
                    budget = JsonTokens.Milliseconds(ref json);
                    break;
                case RecordKeys.MaxTasks:
                    maxTasks = JsonTokens.Integer(ref json, min: 0);
                    break;
                case DocumentKeys.Time:
                    time = started + JsonTokens.Milliseconds(ref json);
                    break;
                case DocumentKeys.State:
                    state = StateReader.ReadType(ref json);
                    break;
                case DocumentKeys.By:
                    by = JsonTokens.String(ref json);
                    break;
                case DocumentKeys.Reason:
                    reason = JsonTokens.StringOrNull(ref json);
                    break;
                case DocumentKeys.Message:
                    message = JsonTokens.StringOrNull(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (by is not null)
            _changes.Add(new(folder.Flow, folder.RunId, step) { Time = time ?? started, ToType = state, Message = message, RequestedBy = by, Reason = reason });
        else if (began is { } beginning)
            _steps.Add(new(step, beginning, Ended: null, budget, maxTasks));
        else if (_steps is [.., var last] && last.Number == step)
            _steps[^1] = last with { Ended = ended };
    }

    private FlowTransition ReadChange(ref Utf8JsonReader json, int step)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "a change");
        json.Read();
        var time = started + JsonTokens.Milliseconds(ref json);
        json.Read();
        var task = JsonTokens.String(ref json);
        json.Read();
        var from = StateReader.ReadType(ref json);
        json.Read();
        var to = StateReader.ReadType(ref json);
        json.Read();
        var message = TransitionWriter.UsualMessage(to);
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            message = JsonTokens.StringOrNull(ref json);
            json.Read();
        }

        var attempt = 1;
        if (json.TokenType != JsonTokenType.EndArray)
        {
            attempt = JsonTokens.Integer(ref json, min: 1);
            json.Read();
        }

        return new(folder.Flow, folder.RunId, step) { Time = time, Task = task, FromType = from, ToType = to, Message = message, Attempt = attempt };
    }
}
