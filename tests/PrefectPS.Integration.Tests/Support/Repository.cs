using System.Reflection;

namespace PrefectPS.Integration.Tests.Support;

/// <summary>Where things are in this checkout.</summary>
internal static class Repository
{
    public static string PathOf(string relativePath) => Path.Combine(Checkout.Root, relativePath);

    /// <summary>A program that the build has made for these tests to start.</summary>
    public static string ProgramOf(string name) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == name).Value!;
}
