namespace PrefectPS.Tests.Shared;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Checkout
{
    private const string Solution = "PrefectPS.slnx";

    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Solution)))
                return folder;
        }

        throw new DirectoryNotFoundException($"{Solution} is in no folder above '{AppContext.BaseDirectory}'.");
    }
}
