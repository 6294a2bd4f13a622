using Azure.Storage.Queues;
using PrefectPS.Channels;

namespace PrefectPS.Azure.Channels;

/// <summary>Connects to a queue with the given credentials, those in the environment, or the ambient identity.</summary>
internal static class QueueAccess
{
    /// <summary>Creates a client; sends no request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the credentials do not fit the address.</exception>
    public static QueueClient Connect(QueueAddress address, ChannelOptions options, QueueClientOptions client)
    {
        var queue = new Uri($"{(options.Endpoint ?? address.Service).AbsoluteUri.TrimEnd('/')}/{address.Queue}");
        if (options.ConnectionString is { } given)
            return TryConnect(address, given, client) ?? throw Invalid("the connection string is not that of its storage account");
        if (options.AccountKey is { } key)
            return new(queue, AzureAccess.KeyOf(address.Account, key, Invalid), client);
        return options.Endpoint is null && AzureAccess.ConnectionString is { } text && TryConnect(address, text, client) is { } found
            ? found
            : new(queue, AzureAccess.DefaultIdentity, client);

        FlowException Invalid(string fault) => ProviderErrors.ChannelInvalid(address.ToString(), fault);
    }

    private static QueueClient? TryConnect(QueueAddress address, string text, QueueClientOptions client) =>
        AzureAccess.TryConnect(() => new QueueClient(text, address.Queue, client)) is { } queue && AzureAccess.IsAccount(queue.AccountName, address.Account)
            ? queue
            : null;
}
