using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Documents;

/// <summary>Reads the shapes and columns of <see cref="CompactBlock"/> and restores the states.</summary>
/// <param name="flow">The flow.</param>
/// <param name="results">The store of its results; null for none.</param>
/// <param name="progress">The progress of reading the document.</param>
/// <param name="taskAt">Gets the task by position; null where the flow has none.</param>
internal sealed class CompactBlockReader(Flow flow, ResultStore? results, ReadingProgress progress, Func<int, FlowTask?> taskAt)
{
    private readonly List<Shape> _shapes = [];
    private readonly List<KeyValuePair<char, int>> _letters = [];
    private readonly List<object?> _values = [];
    private readonly List<string> _locations = [];
    private readonly List<Times> _times = [];
    private readonly List<CompactEntry> _entries = [];
    private bool _hasLetters; // an empty block has letters, too

    /// <summary>The number of states.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a property's value, if it belongs to the block.</summary>
    public bool ReadProperty(ref Utf8JsonReader json, string key)
    {
        switch (key)
        {
            case DocumentKeys.Shapes:
                Begin(ref json, "an array of shapes");
                while (Next(ref json))
                    _shapes.Add(ReadShape(ref json));
                return true;
            case DocumentKeys.States:
                ReadLetters(ref json);
                return true;
            case DocumentKeys.Values:
                Begin(ref json, "an array of values");
                while (Next(ref json))
                    _values.Add(JsonTokens.Value(ref json, flow.Services.Values));
                return true;
            case DocumentKeys.Locations:
                Begin(ref json, "an array of locations");
                while (Next(ref json))
                    _locations.Add(JsonTokens.String(ref json));
                return true;
            case DocumentKeys.Times:
                ReadTimes(ref json);
                return true;
            case DocumentKeys.Entries:
                ReadEntries(ref json);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Restores the states.</summary>
    /// <param name="runStarted">The origin of times.</param>
    /// <param name="slugOf">Gets the slug by position.</param>
    /// <param name="offset">The block's offset, for errors.</param>
    /// <exception cref="DocumentFaultException">A column is too short.</exception>
    public State[] ToStates(DateTimeOffset runStarted, Func<int, string> slugOf, long offset)
    {
        var states = new State[Count];
        var (index, values, locations, times, entries) = (0, 0, 0, 0, 0);
        foreach (var run in _letters)
        {
            var shape = run.Key == Shape.Own ? default(Shape?) : ShapeOf(run.Key, offset);
            var common = shape?.ToState();
            if (shape is { HasValue: false, HasLocation: false, Location: null, HasTime: false } && Shape.ImpliesNothing(common!))
                common = common! with { Result = TaskResult.Empty };
            for (var i = 0; i < run.Value; i++, index++)
                states[index] = shape is { } known ? Fill(known, common!, index) : Take(_entries, ref entries, offset).ToState(runStarted);
        }

        return states;

        State Fill(Shape shape, State state, int position)
        {
            if (shape.HasValue)
                state = state with { Result = TaskResult.Of(Take(_values, ref values, offset)) ?? TaskResult.Empty };
            if (shape.HasLocation)
                state = state with { Result = TaskResult.At(Take(_locations, ref locations, offset), shape.Serializer, ResultsOf(position)) };
            if (shape.Location is { } template)
                state = state with { Result = TaskResult.At(template.Replace(Shape.SlugMark, StorePath.Escape(slugOf(position))), shape.Serializer, ResultsOf(position)) };
            if (shape.HasTime)
            {
                var time = Take(_times, ref times, offset);
                state = state with { Started = runStarted + time.Start, Ended = runStarted + time.End };
            }

            return state;
        }
    }

    private ResultStore? ResultsOf(int position) => taskAt(position) is { HasOwnStore: true } task ? task.Results : results;

    private Shape ShapeOf(char letter, long offset)
    {
        var index = Shape.Letters.IndexOf(letter);
        return index >= 0 && index < _shapes.Count ? _shapes[index] : throw new DocumentFaultException($"there is no shape '{letter}'", offset);
    }

    private static T Take<T>(List<T> column, ref int next, long offset) =>
        next < column.Count ? column[next++] : throw new DocumentFaultException("a column has too few values for its states", offset);

    private static void Begin(ref Utf8JsonReader json, string what) => JsonTokens.Expect(ref json, JsonTokenType.StartArray, what);

    private static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType != JsonTokenType.EndArray;

    private static Shape ReadShape(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a shape");
        var start = json.TokenStartIndex;
        StateType? type = null;
        var shape = default(Shape);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Type:
                    type = StateReader.ReadType(ref json);
                    break;
                case DocumentKeys.Message:
                    shape = shape with { Message = StateReader.ReadMessage(ref json) };
                    break;
                case DocumentKeys.Location:
                    shape = shape with { Location = JsonTokens.TextOrNull(ref json) };
                    break;
                case DocumentKeys.Serializer:
                    shape = shape with { Serializer = JsonTokens.NameOrNull(ref json) };
                    break;
                case DocumentKeys.Locations:
                    shape = shape with { HasLocation = JsonTokens.Flag(ref json) };
                    break;
                case DocumentKeys.Values:
                    shape = shape with { HasValue = JsonTokens.Flag(ref json) };
                    break;
                case DocumentKeys.Times:
                    shape = shape with { HasTime = JsonTokens.Flag(ref json) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return type is { } known ? shape with { Type = known } : throw new DocumentFaultException("the shape has no type", start);
    }

    private void ReadLetters(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.String, "the letters of the states");
        var text = JsonTokens.Text(ref json);
        _hasLetters = true;
        for (var i = 0; i < text.Length;)
        {
            var letter = text[i++];
            var count = 1L;
            for (var digits = i; i < text.Length && text[i] is >= '0' and <= '9' && count <= Limits.MaxTasks; i++)
                count = (i == digits ? 0 : count * 10) + (text[i] - '0');
            if (count > Limits.MaxTasks || progress.CountTasks((int)count))
                throw JsonTokens.Fault(ref json, $"there are more than {Limits.MaxTasks} tasks");
            _letters.Add(new(letter, (int)count));
            Count += (int)count;
        }
    }

    private void ReadTimes(ref Utf8JsonReader json)
    {
        Begin(ref json, "an array of times");
        var cursor = TimeSpan.Zero;
        while (Next(ref json))
        {
            var start = cursor + JsonTokens.Milliseconds(ref json);
            json.Read();
            var duration = JsonTokens.Milliseconds(ref json);
            cursor = start + duration;
            if (cursor.Duration() > Limits.LongestReadTime || duration < TimeSpan.Zero)
                throw JsonTokens.Fault(ref json, "the time is out of range");
            _times.Add(new(start, cursor));
        }
    }

    private void ReadEntries(ref Utf8JsonReader json)
    {
        if (!_hasLetters)
            throw JsonTokens.Fault(ref json, "the letters of the states were expected before the entries");
        Begin(ref json, "an array of entries");
        var positions = OwnPositions().GetEnumerator();
        while (Next(ref json))
        {
            if (!positions.MoveNext())
                throw JsonTokens.Fault(ref json, "there are more entries than states without a shape");
            _entries.Add(CompactEntry.Read(ref json, flow, results, taskAt(positions.Current), progress));
        }
    }

    private IEnumerable<int> OwnPositions()
    {
        var position = 0;
        foreach (var run in _letters)
        {
            for (var i = 0; i < run.Value; i++, position++)
            {
                if (run.Key == Shape.Own)
                    yield return position;
            }
        }
    }

    private readonly record struct Times(TimeSpan Start, TimeSpan End);
}
