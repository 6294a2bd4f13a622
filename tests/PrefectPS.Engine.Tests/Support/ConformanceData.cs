using System.Text.Json;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>What the reference engine was seen to do: data in <c>../shared/conformance</c> beside the repository.</summary>
internal static class ConformanceData
{
    /// <summary>Why a test that needs the data is skipped where there is none.</summary>
    public const string Missing = "The conformance data (../shared/conformance beside the repository) is not on this machine.";

    private static readonly string? Folder = FindFolder();

    public static bool IsPresent => Folder is not null;

    /// <summary>One file; the test is skipped where the data is not there.</summary>
    public static JsonElement Read(string file)
    {
        Assert.SkipUnless(IsPresent, Missing);
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, file))).RootElement;
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
