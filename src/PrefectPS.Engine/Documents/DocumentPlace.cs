using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>A position in a document as people see it: JSON path, line, and byte in the line, both from 1.</summary>
/// <remarks>Computed only for an error, by reading the document again up to that byte.</remarks>
internal readonly record struct DocumentPlace(string Path, long Line, long Column)
{
    public static DocumentPlace Of(ReadOnlySpan<byte> document, long offset)
    {
        var before = document.Slice(0, (int)Math.Min(offset, document.Length));
        var line = 1;
        foreach (var b in before)
            line += b == '\n' ? 1 : 0;
        return new(PathOf(document, offset), line, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static string PathOf(ReadOnlySpan<byte> document, long offset)
    {
        var steps = new Stack<Level>();
        var json = new Utf8JsonReader(document, JsonStyle.Reader);
        try
        {
            while (json.Read() && json.TokenStartIndex <= offset)
                Follow(ref json, steps, offset);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Unreadable beyond this point: the position is the last one reached.
        }

        return "$" + string.Concat(steps.Reverse().Select(level => level.Text));
    }

    private static void Follow(ref Utf8JsonReader json, Stack<Level> steps, long offset)
    {
        if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            // A fault at the end of a container belongs to the container.
            if (json.TokenStartIndex < offset)
                steps.Pop();
            return;
        }

        if (steps.Count > 0)
            steps.Push(steps.Pop().Next(ref json));
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && json.TokenStartIndex < offset)
            steps.Push(new(json.TokenType == JsonTokenType.StartArray, -1, null));
    }

    private readonly record struct Level(bool IsArray, int Index, string? Name)
    {
        public string Text => IsArray
            ? (Index < 0 ? string.Empty : $"[{Index.ToString(CultureInfo.InvariantCulture)}]")
            : Name is null ? string.Empty : $".{Name}";

        public Level Next(ref Utf8JsonReader json) =>
            IsArray ? this with { Index = Index + 1 }
            : json.TokenType == JsonTokenType.PropertyName ? this with { Name = json.GetString() }
            : this;
    }
}
