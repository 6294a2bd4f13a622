using System.Text.Json;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>One instance of a state class in <c>states.json</c>, as the reference engine wrote it.</summary>
internal sealed record StateRow(StateType Type, string Name, JsonElement Document)
{
    /// <summary>Those that are documents; of the others there is only the reference engine's refusal to write them.</summary>
    public static IEnumerable<StateRow> All() =>
        from state in ConformanceData.Read("states.json").GetProperty("classes").EnumerateObject()
        where StateTypes.TryParse(state.Name, out _)
        from row in state.Value.GetProperty("serialized").EnumerateObject()
        where row.Value.ValueKind == JsonValueKind.Object && !row.Value.TryGetProperty("__error__", out _)
        select Of(state.Name, row.Name, row.Value);

    public static StateRow Get(string type, string name) =>
        Of(type, name, ConformanceData.Read("states.json").GetProperty("classes").GetProperty(type).GetProperty("serialized").GetProperty(name));

    /// <summary>The document without some of its properties, which are named by their path.</summary>
    public static string Text(JsonElement state, params string[] without) => Canonical(state, string.Empty, without);

    // Properties in the order of their names: the reference engine's own order is not stable.
    private static string Canonical(JsonElement json, string path, string[] without) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(
            ",\n",
            json.EnumerateObject().Where(p => !without.Contains(path + p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p =>
                $"{p.Name}: {Canonical(p.Value, $"{path}{p.Name}.", without)}")) + "}",
        JsonValueKind.Array => $"[{string.Join(", ", json.EnumerateArray().Select(e => Canonical(e, path, without)))}]",
        _ => json.GetRawText(),
    };

    private static StateRow Of(string type, string name, JsonElement document) =>
        new(Enum.Parse<StateType>(type), name, document);
}
