using System.Collections.Concurrent;
using System.Text.Json;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>The recorded behaviour of the reference engine: the files of <c>Conformance/Data</c>, which the build copies beside the tests.</summary>
internal static class ConformanceData
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Conformance", "Data");
    private static readonly ConcurrentDictionary<string, JsonElement> Files = new(StringComparer.Ordinal);

    /// <summary>The names of all files.</summary>
    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file));

    /// <summary>One file. It is parsed once.</summary>
    public static JsonElement Read(string file) =>
        Files.GetOrAdd(file, name => JsonElement.Parse(File.ReadAllBytes(Path.Combine(Folder, name))));
}
