using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>Where a store in Azure Blob Storage is: <c>azblob://account/container/prefix</c>, or the address of a container with a prefix.</summary>
/// <param name="Name">The address without credentials, as it was given.</param>
/// <param name="Service">The address of the account's blob service.</param>
/// <param name="Account">The name of the account.</param>
/// <param name="Container">The container.</param>
/// <param name="Prefix">What is in front of all paths; may be empty.</param>
/// <param name="Sas">The shared access signature that the address held; empty for none.</param>
internal sealed record BlobAddress(string Name, Uri Service, string Account, string Container, string Prefix, string Sas)
{
    /// <summary>The scheme of an address that names an account.</summary>
    public const string Scheme = "azblob";

    private const string PublicDomain = ".blob.core.windows.net";

    /// <summary>Takes an address apart.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is none.</exception>
    public static BlobAddress Parse(StoreOptions options)
    {
        var text = options.Address;
        var (address, query) = text.IndexOf('?') is >= 0 and var mark ? (text.Substring(0, mark), text.Substring(mark + 1)) : (text, string.Empty);
        address = address.TrimEnd('/');
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || HasSteps(address))
            throw ProviderErrors.StoreInvalid(address, "it is not the address of a container, which is azblob://account/container or https://account.blob.core.windows.net/container");

        var parts = Uri.UnescapeDataString(uri.AbsolutePath).Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        // The emulator, and whoever has no name of his own for each account, has the account in the path.
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

    // As a part of a URI these are taken for a way, and gone before anyone can refuse them.
    private static bool HasSteps(string address) => address.Split('/').Any(part => part is "." or "..");

    private static Uri ServiceOf(Uri uri, string? accountInPath) =>
        uri.Scheme == Scheme ? new($"https://{uri.Host}{(uri.Host.Contains('.') ? string.Empty : PublicDomain)}")
        : accountInPath is null ? new(uri.GetLeftPart(UriPartial.Authority))
        : new($"{uri.GetLeftPart(UriPartial.Authority)}/{accountInPath}");

    private static string NameAt(Uri service, string[] path) => $"{service.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{string.Join("/", path)}";
}
