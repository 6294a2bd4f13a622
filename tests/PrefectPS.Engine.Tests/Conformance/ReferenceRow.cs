using System.Text.Json;
using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>One row of <c>behaviour.json</c>: what the reference engine was seen to do in one case.</summary>
internal sealed record ReferenceRow(string Section, string Name, JsonElement Seen)
{
    /// <summary>By which other tables name it.</summary>
    public string Key => $"{Section}/{Name}";

    public static IEnumerable<ReferenceRow> All() =>
        from section in ConformanceData.Read("behaviour.json").EnumerateObject()
        where section.Value.ValueKind == JsonValueKind.Object
        from row in section.Value.EnumerateObject()
        select new ReferenceRow(section.Name, row.Name, row.Value);

    public static ReferenceRow Get(string section, string name) =>
        new(section, name, ConformanceData.Read("behaviour.json").GetProperty(section).GetProperty(name));

    public bool Has(string property) => Seen.TryGetProperty(property, out _);
}
