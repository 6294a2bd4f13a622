using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Reads the histories of a run's steps, one after the other.</summary>
/// <param name="folder">The run.</param>
/// <param name="started">When it was started.</param>
internal sealed class HistoryReader(RunFolder folder, DateTimeOffset started)
{
    private readonly List<FlowTransition> _changes = [];
    private readonly List<StepSpan> _steps = [];

    /// <summary>What has been read.</summary>
    public RunCourse Course => new(_changes, _steps);

    /// <summary>Reads the history of a step, or of a part of it.</summary>
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
        DateTimeOffset? began = null, ended = null;
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
                default:
                    json.Skip();
                    break;
            }
        }

        if (began is { } time)
            _steps.Add(new(step, time, Ended: null, budget, maxTasks));
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
        if (json.TokenType != JsonTokenType.EndArray)
        {
            message = JsonTokens.StringOrNull(ref json);
            json.Read();
        }

        return new(folder.Flow, folder.RunId, step) { Time = time, Task = task, From = from, To = to, Message = message };
    }
}
