using System.Management.Automation;
using PrefectPS.Azure.Channels;
using PrefectPS.Channels;
using PrefectPS.Google.Channels;
using PrefectPS.Http.Channels;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>
/// Resolves a channel from its address: a folder, absolute or relative to the session's location, <c>file:</c>, <c>memory:</c>, or that of a service.
/// </summary>
internal static class ChannelResolver
{
    private static readonly ServiceChannels Queues = new(
        options => QueueChannel.Open(options), [nameof(ChannelOptions.ConnectionString), nameof(ChannelOptions.AccountKey), nameof(ChannelOptions.Endpoint)]);

    private static readonly ServiceChannels Topics = new(options => PubSubChannel.Open(options), [nameof(ChannelOptions.KeyFile), nameof(ChannelOptions.Endpoint)]);

    private static readonly ServiceChannels Endpoints = new(options => HttpChannel.Open(options), [nameof(ChannelOptions.SigningKey)]);

    private static readonly Dictionary<string, ServiceChannels> Services = new(StringComparer.OrdinalIgnoreCase)
    {
        ["azqueue"] = Queues,
        ["https"] = Endpoints,
        ["http"] = Endpoints,
        ["pubsub"] = Topics,
    };

    /// <summary>The channel of a parameter: the output of New-FlowChannel, or an address.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the kind of channel is unknown.</exception>
    public static IFlowChannel Resolve(object given, SessionState session) => PowerShellValues.Instance.Unwrap(given) switch
    {
        FlowChannel channel => channel.Provider,
        _ => Resolve(new ChannelOptions { Address = PlainText.Of(given) ?? throw ModuleErrors.NoChannel(given) }, session),
    };

    /// <summary>The channel, with its credentials and other options.</summary>
    /// <inheritdoc cref="Resolve(object, SessionState)"/>
    public static IFlowChannel Resolve(ChannelOptions options, SessionState session)
    {
        var channel = Open(options, session);
        UsedAddresses.Channels.Note(channel.Name);
        return channel;
    }

    private static IFlowChannel Open(ChannelOptions options, SessionState session)
    {
        var address = options.Address;
        if (string.IsNullOrWhiteSpace(address))
            throw ProviderErrors.ChannelInvalid(address, "its address is blank");
        if (StoreAddress.SchemeOf(address) is { } scheme && scheme is not ("file" or "memory"))
            return Services.TryGetValue(scheme, out var service) ? service.Resolve(options) : throw ModuleErrors.ChannelUnknown(address, scheme, Services.Keys);
        ServiceChannels.Check(options, []);
        if (LocalAddress.MemoryName(address) is { } name)
            return MemoryChannel.Named(name);
        return LocalAddress.FolderOf(address, session) is { } folder
            ? new FolderChannel(folder, TimeProvider.System)
            : throw ProviderErrors.ChannelInvalid(address, "it is not a folder of the file system");
    }
}
