using System.Collections.Concurrent;
using System.Text.Json;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Recorded behaviour of the reference engine: the files of <c>Conformance/Data</c>, copied next to the tests by the build.</summary>
internal static class ConformanceData
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Conformance", "Data");
    private static readonly ConcurrentDictionary<string, JsonElement> Files = new(StringComparer.Ordinal);

    /// <summary>Names of all files.</summary>
    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file));

    /// <summary>Reads a file; it is parsed once.</summary>
    public static JsonElement Read(string file) =>
        Files.GetOrAdd(file, name => JsonElement.Parse(File.ReadAllBytes(Path.Combine(Folder, name))));
}
