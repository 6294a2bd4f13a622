namespace PrefectPS.Integration.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PrefectPS.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("PrefectPS.slnx is in no folder above the tests.");
    }
}
