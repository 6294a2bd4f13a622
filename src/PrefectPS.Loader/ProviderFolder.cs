namespace PrefectPS.Loader;

/// <summary>Finds the subfolders of providers: PrefectPS.Azure and its own dependencies are in Azure.</summary>
internal static class ProviderFolder
{
    private const string Prefix = "PrefectPS.";

    /// <summary>Finds the folder of an assembly; null if it is not a provider.</summary>
    public static string? Of(string moduleFolder, string? assembly)
    {
        if (assembly?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return null;
        var folder = Path.Combine(moduleFolder, assembly.Substring(Prefix.Length));
        return File.Exists(Path.Combine(folder, assembly + ".dll")) ? folder : null;
    }
}
