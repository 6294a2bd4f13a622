using Azure.Storage;
using Azure.Storage.Queues;
using PrefectPS.Azure.Storage;
using PrefectPS.Channels;

namespace PrefectPS.Azure.Channels;

/// <summary>How to get into a queue: by what was given, by what the environment says, else by the identity of who runs this.</summary>
internal static class QueueAccess
{
    /// <summary>The environment variable with a connection string; it counts for the account that it names.</summary>
    private const string Variable = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>A client of a queue; nothing is sent yet.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: what was given does not fit together.</exception>
    public static QueueClient Connect(QueueAddress address, ChannelOptions options, QueueClientOptions client)
    {
        var queue = new Uri($"{(options.Endpoint ?? address.Service).AbsoluteUri.TrimEnd('/')}/{address.Queue}");
        if (options.ConnectionString is { } given)
            return TryConnect(address, given, client) ?? throw FlowErrors.ChannelInvalid(address.ToString(), "the connection string is not that of its storage account");
        if (options.AccountKey is { } key)
            return new(queue, KeyOf(address, key), client);
        return options.Endpoint is null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text && TryConnect(address, text, client) is { } found
            ? found
            : new(queue, BlobAccess.DefaultIdentity, client);
    }

    // What is wrong with a connection string is not told by the client's own error, which might quote from it.
    private static QueueClient? TryConnect(QueueAddress address, string text, QueueClientOptions client)
    {
        try
        {
            var queue = new QueueClient(text, address.Queue, client);
            return string.Equals(queue.AccountName, address.Account, StringComparison.OrdinalIgnoreCase) ? queue : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static StorageSharedKeyCredential KeyOf(QueueAddress address, string key)
    {
        try
        {
            return new(address.Account, key);
        }
        catch (FormatException)
        {
            throw FlowErrors.ChannelInvalid(address.ToString(), "the account key is not one: it is Base64");
        }
    }
}
