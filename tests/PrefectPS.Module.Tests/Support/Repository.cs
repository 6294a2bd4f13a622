using PrefectPS.Tests.Shared;

namespace PrefectPS.Module.Tests.Support;

/// <summary>Where things are in this checkout.</summary>
internal static class Repository
{
    private const string ManifestName = "PrefectPS.psd1";

    /// <summary>The folder with the module's manifest.</summary>
    public static string Root => Checkout.Root;

    public static string Manifest { get; } = Path.Combine(Root, ManifestName);

    /// <summary>The built module's files.</summary>
    public static string ModuleFolder { get; } = Path.Combine(Root, "bin");

    public static string PesterTests { get; } = Path.Combine(Root, "tests", "Pester");
}
