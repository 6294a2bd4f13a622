using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Where a channel is, and how to get into it. It is never shown: it may hold secrets.</summary>
public sealed class ChannelOptions
{
    /// <summary>Its address.</summary>
    public required string Address { get; init; }

    /// <summary>The service's own address, where it is not the public one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The connection string of an Azure storage account.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The key of an Azure storage account.</summary>
    public string? AccountKey { get; init; }

    /// <summary>The JSON file with Google credentials.</summary>
    public string? KeyFile { get; init; }

    /// <summary>What requests to an HTTP endpoint are signed with.</summary>
    public string? SigningKey { get; init; }

    /// <summary>How patient the channel is.</summary>
    public StoreRetry Retry { get; init; } = new();
}
