namespace PrefectPS.Module.Tests.Support;

/// <summary>Where things are in this checkout.</summary>
internal static class Repository
{
    private const string ManifestName = "PrefectPS.psd1";

    /// <summary>The folder with the module's manifest.</summary>
    public static string Root { get; } = FindRoot();

    public static string Manifest { get; } = Path.Combine(Root, ManifestName);

    /// <summary>The built module's files.</summary>
    public static string ModuleFolder { get; } = Path.Combine(Root, "bin");

    public static string PesterTests { get; } = Path.Combine(Root, "tests", "Pester");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, ManifestName)) && Directory.Exists(Path.Combine(folder, "src")))
                return folder;
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' has {ManifestName} and src.");
    }
}
