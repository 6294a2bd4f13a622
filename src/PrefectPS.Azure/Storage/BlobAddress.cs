using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>The address of a store in Azure Blob Storage: <c>azblob://account/container/prefix</c>, or a container's URL with a prefix.</summary>
/// <param name="Name">The address as given, without credentials.</param>
/// <param name="Service">The blob service endpoint.</param>
/// <param name="Account">The account's name.</param>
/// <param name="Container">The container.</param>
/// <param name="Prefix">The prefix of all paths; may be empty.</param>
/// <param name="Sas">The SAS token in the address; empty for none.</param>
internal sealed record BlobAddress(string Name, Uri Service, string Account, string Container, string Prefix, string Sas)
{
    /// <summary>The URI scheme of an account.</summary>
    public const string Scheme = "azblob";

    private const string PublicDomain = ".blob.core.windows.net";

    /// <summary>Parses an address.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static BlobAddress Parse(StoreOptions options)
    {
        var text = options.Address;
        var (address, query) = text.IndexOf('?') is >= 0 and var mark ? (text.Substring(0, mark), text.Substring(mark + 1)) : (text, string.Empty);
        address = address.TrimEnd('/');
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || HasDotSegments(address))
            throw ProviderErrors.StoreInvalid(address, "it is not the address of a container, which is azblob://account/container or https://account.blob.core.windows.net/container");

        var parts = Uri.UnescapeDataString(uri.AbsolutePath).Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        // Emulators and endpoints without a subdomain per account have the account in the path.
        var isInPath = uri.Scheme != Scheme && (uri.HostNameType != UriHostNameType.Dns || uri.IsLoopback);
        var account = isInPath ? parts.FirstOrDefault() ?? string.Empty : uri.Host.Split('.')[0];
        var inContainer = parts.Skip(isInPath ? 1 : 0).ToArray();
        if (inContainer.Length == 0)
            throw ProviderErrors.StoreInvalid(address, "it names no container");

        var prefix = string.Join("/", inContainer.Skip(1));
        if (prefix.Length > 0 && StorePath.FaultIn(prefix) is { } fault)
            throw ProviderErrors.StoreInvalid(address, $"of its prefix '{prefix}', {fault}");
        var service = options.Endpoint ?? ServiceOf(uri, isInPath ? account : null);
        return new(options.Endpoint is null ? address : NameAt(service, inContainer), service, account, inContainer[0], prefix, query);
    }

    // URI parsing would resolve dot segments before they can be rejected.
    private static bool HasDotSegments(string address) => address.Split('/').Any(part => part is "." or "..");

    private static Uri ServiceOf(Uri uri, string? accountInPath) =>
        uri.Scheme == Scheme ? new($"https://{uri.Host}{(uri.Host.Contains('.') ? string.Empty : PublicDomain)}")
        : accountInPath is null ? new(uri.GetLeftPart(UriPartial.Authority))
        : new($"{uri.GetLeftPart(UriPartial.Authority)}/{accountInPath}");

    private static string NameAt(Uri service, string[] path) => $"{service.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{string.Join("/", path)}";
}
