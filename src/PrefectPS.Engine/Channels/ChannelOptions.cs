using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A channel's address and credentials. Never displayed.</summary>
public sealed class ChannelOptions
{
    /// <summary>The channel's address.</summary>
    public required string Address { get; init; }

    /// <summary>The service endpoint, where it is not the public one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The connection string of an Azure storage account.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The key of an Azure storage account.</summary>
    public string? AccountKey { get; init; }

    /// <summary>The JSON file with Google credentials.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The signing key of HTTP requests.</summary>
    public string? SigningKey { get; init; }

    /// <summary>The retry settings.</summary>
    public StoreRetry Retry { get; init; } = new();
}
