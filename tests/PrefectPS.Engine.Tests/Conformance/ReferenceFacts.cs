using System.Text.Json;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>What a row says, fact by fact: <c>task</c> is <c>Failed: msg</c>, <c>task.result</c> is <c>5</c>, <c>history</c> is its lines.</summary>
internal static class ReferenceFacts
{
    // How the reference engine keeps a thing, where all that matters is that it does; and what its recording took.
    private static readonly HashSet<string> Ignored =
    [
        "context", "result_obj", "serialized", "serialized_second", "serialized_state", "t_serialized", "mapped_serialized", // its documents: RoundTripTests
        "map_states", // which are the children, one by one
        "cached_parameters", "hashed_inputs", // by what the reference engine compares
        "wall_s", "prompts", "input_dict_len_after", // of the recording's own process
        "target", "checkpointing", "validator_used", "p", "q", // given, not seen
    ];

    public static Dictionary<string, string> Of(ReferenceRow row)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(facts, string.Empty, string.Empty, row.Seen);
        return facts;
    }

    private static void Add(Dictionary<string, string> facts, string path, string field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AddObject(facts, path, value);
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Object):
                foreach (var (index, element) in value.EnumerateArray().Index())
                    Add(facts, $"{path}[{index}]", field, element);
                break;
            case JsonValueKind.Array:
                facts[path] = string.Join('\n', value.EnumerateArray().Select(e => ReferenceText.Normalise(field, e.ToString())));
                break;
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                facts[path] = value.ValueKind == JsonValueKind.Null ? ReferenceText.None : value.GetRawText();
                break;
            default:
                facts[path] = ReferenceText.Normalise(field, value.ToString());
                break;
        }
    }

    private static void AddObject(Dictionary<string, string> facts, string path, JsonElement value)
    {
        var isState = value.TryGetProperty("type", out var type);
        if (isState)
            facts[path] = ReferenceText.State(type.GetString()!, ReferenceText.Normalise("message", value.GetProperty("message").GetString()));
        foreach (var property in value.EnumerateObject())
        {
            if (!Ignored.Contains(property.Name) && !(isState && property.Name is "type" or "message"))
                Add(facts, path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Name, property.Value);
        }
    }
}
