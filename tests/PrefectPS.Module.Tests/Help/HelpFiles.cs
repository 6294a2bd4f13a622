using PrefectPS.Help;
using PrefectPS.Help.Pages;

namespace PrefectPS.Module.Tests.Help;

/// <summary>The pages that the module's help is made of.</summary>
internal static class HelpFiles
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All pages, by name.</summary>
    public static IReadOnlyList<HelpPage> ReadPages()
    {
        var faults = new List<Fault>();
        HelpPage[] pages =
        [
            .. Directory.EnumerateFiles(Path.Combine(Root, "docs", "cmdlets"), "*.md")
                .Order(StringComparer.Ordinal)
                .Select(file => PageReader.Read(file, File.ReadAllText(file), faults)),
        ];
        return faults.Count == 0 ? pages : throw new InvalidOperationException(string.Join("\n", faults));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PrefectPS.psd1")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests are not run from within the repository.");
        return folder.FullName;
    }
}
