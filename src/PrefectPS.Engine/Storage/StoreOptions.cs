namespace PrefectPS.Storage;

/// <summary>Where a store behind a network is, and how to get into it. It is never shown: it may hold secrets.</summary>
public sealed class StoreOptions
{
    /// <summary>Its address, which may hold a SAS.</summary>
    public required string Address { get; set; }

    /// <summary>What is put in front of all paths, below the address.</summary>
    public string? Prefix { get; init; }

    /// <summary>The service's own address, where it is not the public one.</summary>
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

    /// <summary>How many objects a listing asks for at a time; as many as the service gives unless it is said.</summary>
    public int? PageSize { get; init; }

    /// <summary>How patient the store is.</summary>
    public StoreRetry Retry { get; init; } = new();
}
