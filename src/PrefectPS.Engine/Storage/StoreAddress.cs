namespace PrefectPS.Storage;

/// <summary>Parses store addresses.</summary>
public static class StoreAddress
{
    private const string SchemeMark = "://";

    /// <summary>Scheme of an address, before <c>://</c>; null if none.</summary>
    public static string? SchemeOf(string address) =>
        address.IndexOf(SchemeMark, StringComparison.Ordinal) is > 0 and var end ? address.Substring(0, end).ToLowerInvariant() : null;

    /// <summary>Removes potential secrets from an address: the query, which may be a signature, and user name and password.</summary>
    internal static string WithoutSecrets(string address)
    {
        if (SchemeOf(address) is not { } scheme)
            return address;
        var start = scheme.Length + SchemeMark.Length;
        var rest = address.Substring(start).Split('?', '#')[0];
        var host = rest.Split('/')[0];
        return $"{address.Substring(0, start)}{rest.Substring(host.LastIndexOf('@') + 1)}";
    }

    /// <summary>Appends a path to an address.</summary>
    /// <param name="address">The address, which may have a query.</param>
    /// <param name="prefix">A path.</param>
    public static string Below(string address, string prefix)
    {
        var (place, query) = SchemeOf(address) is not null && address.IndexOf('?') is >= 0 and var mark
            ? (address.Substring(0, mark), address.Substring(mark))
            : (address, string.Empty);
        return $"{place.TrimEnd('/')}/{StorePath.Check(prefix)}{query}";
    }
}
