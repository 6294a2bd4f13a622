using System.Text.Json;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>What the reference engine was seen to do: data in <c>../shared/conformance</c> beside the repository.</summary>
internal static class Conformance
{
    private static readonly string? Folder = FindFolder();

    /// <summary>One file; the test is skipped where the data is not there.</summary>
    public static JsonElement Read(string file)
    {
        Assert.SkipWhen(Folder is null, "The conformance data (../shared/conformance beside the repository) is not on this machine.");
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;
    }

    private static string? FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "conformance");
            if (Directory.Exists(data))
                return data;
        }

        return null;
    }
}
