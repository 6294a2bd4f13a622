using System.Globalization;
using System.Text;
using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Documents;

/// <summary>The states of a run, or of a mapped task's children, factored into shapes and columns.</summary>
internal sealed class CompactBlock
{
    private const int MinRepeat = 4;
    private readonly Func<int, bool> _keepsTime;
    private readonly List<Shape> _shapes;
    private readonly Shape?[] _shapeOf;
    private readonly Dictionary<Shape, char> _letters = [];

    /// <param name="run">The run.</param>
    /// <param name="states">The states.</param>
    /// <param name="slugOf">Gets the slug by index.</param>
    /// <param name="keepsTime">Whether to keep the times of a finished task, by index.</param>
    public CompactBlock(FlowState run, State[] states, Func<int, string> slugOf, Func<int, bool> keepsTime)
    {
        Run = run;
        States = states;
        SlugOf = slugOf;
        _keepsTime = keepsTime;
        _shapeOf = FindShapes(out var counts);
        _shapes = [.. counts.OrderByDescending(count => count.Value).Take(Shape.Letters.Length).Select(count => count.Key)];
        foreach (var shape in _shapes)
            _letters.Add(shape, Shape.Letters[_letters.Count]);
    }

    public FlowState Run { get; }

    public State[] States { get; }

    public Func<int, string> SlugOf { get; }

    /// <summary>The indexes of states without a shape.</summary>
    public IEnumerable<int> Shapeless => Enumerable.Range(0, States.Length).Where(index => LetterOf(index) == Shape.Own);

    /// <summary>Writes the shapes, each as what its states have in common.</summary>
    public void WriteShapes(Utf8JsonWriter json)
    {
        json.WriteStartArray(DocumentKeys.Shapes);
        foreach (var shape in _shapes)
        {
            json.WriteStartObject();
            json.WriteString(DocumentKeys.Type, shape.Type.Name());
            if (shape.Message is not null)
                json.WriteString(DocumentKeys.Message, shape.Message);
            if (shape.Location is not null)
                json.WriteString(DocumentKeys.Location, shape.Location);
            if (shape.Serializer is not null)
                json.WriteString(DocumentKeys.Serializer, shape.Serializer);
            if (shape.HasLocation)
                json.WriteBoolean(DocumentKeys.Locations, true);
            if (shape.HasValue)
                json.WriteBoolean(DocumentKeys.Values, true);
            if (shape.HasTime)
                json.WriteBoolean(DocumentKeys.Times, true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the letters of the states, then the columns of what differs.</summary>
    public void WriteColumns(Utf8JsonWriter json)
    {
        json.WriteString(DocumentKeys.States, Letters());
        WriteColumn(json, DocumentKeys.Values, shape => shape.HasValue, index => WriteValue(json, index));
        WriteColumn(json, DocumentKeys.Locations, shape => shape.HasLocation, index => json.WriteStringValue(States[index].Result!.Location));
        var cursor = 0L;
        WriteColumn(json, DocumentKeys.Times, shape => shape.HasTime, index => WriteTime(json, States[index], ref cursor));
    }

    private bool HoldsSecret(int index)
    {
        try
        {
            return States[index].Result?.HoldsSecret(Run.Flow.Services.Values) == true;
        }
        catch (FlowException e) when (e.InnerException is ValueFaultException)
        {
            throw FlowErrors.ResultNotWritable(SlugOf(index), e);
        }
    }

    private void WriteValue(Utf8JsonWriter json, int index)
    {
        try
        {
            ValueWriter.Write(json, States[index].Result!.Value, Run.Flow.Services.Values);
        }
        catch (FlowException e) when (e.InnerException is ValueFaultException)
        {
            throw FlowErrors.ResultNotWritable(SlugOf(index), e);
        }
    }

    // In milliseconds: the gap since the previous end, and the duration.
    private void WriteTime(Utf8JsonWriter json, State state, ref long cursor)
    {
        var start = Milliseconds(state.Started!.Value - Run.StartTime);
        var duration = Math.Max(0, Milliseconds(state.Ended!.Value - Run.StartTime) - start);
        json.WriteNumberValue(start - cursor);
        json.WriteNumberValue(duration);
        cursor = start + duration;
    }

    private void WriteColumn(Utf8JsonWriter json, string name, Predicate<Shape> hasIt, Action<int> write)
    {
        if (!_shapes.Exists(hasIt))
            return;
        json.WriteStartArray(name);
        for (var i = 0; i < States.Length; i++)
        {
            if (_shapeOf[i] is { } shape && hasIt(shape) && _letters.ContainsKey(shape))
                write(i);
        }

        json.WriteEndArray();
    }

    // Run-length encoded: a repeated letter is followed by its count.
    private string Letters()
    {
        var text = new StringBuilder();
        for (var i = 0; i < States.Length;)
        {
            var letter = LetterOf(i);
            var count = 1;
            while (i + count < States.Length && LetterOf(i + count) == letter)
                count++;
            if (count >= MinRepeat)
                text.Append(letter).Append(count.ToString(CultureInfo.InvariantCulture));
            else
                text.Append(letter, count);
            i += count;
        }

        return text.ToString();
    }

    private char LetterOf(int index) => _shapeOf[index] is { } shape && _letters.TryGetValue(shape, out var letter) ? letter : Shape.Own;

    private Shape?[] FindShapes(out Dictionary<Shape, int> counts)
    {
        counts = [];
        var shapes = new Shape?[States.Length];
        for (var i = 0; i < States.Length; i++)
        {
            if (ShapeOf(i) is not { } shape)
                continue;
            shapes[i] = shape;
            counts[shape] = counts.TryGetValue(shape, out var count) ? count + 1 : 1;
        }

        return shapes;
    }

    // Null for a state that shape and columns cannot represent.
    private Shape? ShapeOf(int index)
    {
        var state = States[index];
        var hasTime = state is { Started: not null, Ended: not null };
        if (Shape.ImpliesNothing(state) && state.LacksResult)
            return null;
        if (state.Started is not null != hasTime || HoldsSecret(index))
            return null;
        var shape = new Shape(
            state.Type,
            state.Message,
            HasValue: state.Result is { Location: null, IsEmpty: false },
            HasLocation: false,
            Location: null,
            state.Result?.Serializer,
            HasTime: hasTime && (!state.IsFinished || _keepsTime(index)));
        if (state with { Result = null, Started = null, Ended = null } != shape.ToState())
            return null;
        return state.Result?.Location is not { } location ? shape
            : TemplateOf(location, index) is { } template ? shape with { Location = template }
            : shape with { HasLocation = true };
    }

    private string? TemplateOf(string location, int index)
    {
        var slug = StorePath.Escape(SlugOf(index));
        var start = location.IndexOf(slug, StringComparison.Ordinal);
        return start < 0 || location.Contains(Shape.SlugMark) || location.LastIndexOf(slug, StringComparison.Ordinal) != start
            ? null
            : $"{location.Substring(0, start)}{Shape.SlugMark}{location.Substring(start + slug.Length)}";
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Round(Limits.Clamp(time).TotalMilliseconds);
}
