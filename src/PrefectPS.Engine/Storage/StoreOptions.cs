namespace PrefectPS.Storage;

/// <summary>Address and credentials of a remote store. Never displayed, as it may contain secrets.</summary>
public sealed class StoreOptions
{
    /// <summary>The address, which may contain a SAS.</summary>
    public required string Address { get; set; }

    /// <summary>Prefix of all paths, below the address.</summary>
    public string? Prefix { get; init; }

    /// <summary>Address of the service, if not the public one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The connection string of an Azure storage account.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The key of an Azure storage account.</summary>
    public string? AccountKey { get; init; }

    /// <summary>A shared access signature, with or without its question mark.</summary>
    public string? SasToken { get; init; }

    /// <summary>The client id of a managed identity, or that of an application together with <see cref="ClientSecret"/> and <see cref="Tenant"/>.</summary>
    public string? ClientId { get; init; }

    /// <summary>The secret of an application.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The tenant of an application.</summary>
    public string? Tenant { get; init; }

    /// <summary>The JSON file with Google credentials.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Page size of listings; null for the service's default.</summary>
    public int? PageSize { get; init; }

    /// <summary>Retry options.</summary>
    public StoreRetry Retry { get; init; } = new();
}
