namespace PrefectPS.Integration.Tests.Support;

/// <summary>Where things are in this checkout.</summary>
internal static class Repository
{
    public static string PathOf(string relativePath) => Path.Combine(Checkout.Root, relativePath);
}
