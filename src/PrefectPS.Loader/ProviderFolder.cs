namespace PrefectPS.Loader;

/// <summary>The folders below the module's: PrefectPS.Azure, and all that only it needs, is in Azure.</summary>
internal static class ProviderFolder
{
    private const string Prefix = "PrefectPS.";

    /// <summary>The folder of an assembly; null where it is that of no provider.</summary>
    public static string? Of(string moduleFolder, string? assembly)
    {
        if (assembly?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return null;
        var folder = Path.Combine(moduleFolder, assembly.Substring(Prefix.Length));
        return File.Exists(Path.Combine(folder, assembly + ".dll")) ? folder : null;
    }
}
