using System.Management.Automation;
using PrefectPS.Azure.Channels;
using PrefectPS.Channels;
using PrefectPS.Google.Channels;
using PrefectPS.Http.Channels;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>
/// The channel that an address names: a folder, absolute or relative to the session's location, <c>file:</c>, <c>memory:</c>, or one of a service.
/// </summary>
internal static class ChannelResolver
{
    // The assembly of a provider, and the SDK behind it, is loaded when its channel is first opened: when such a function is first compiled.
    private static readonly Dictionary<string, Func<ChannelOptions, IFlowChannel>> Services = new(StringComparer.OrdinalIgnoreCase)
    {
        ["azqueue"] = options => QueueChannel.Open(options),
        ["https"] = options => HttpChannel.Open(options),
        ["http"] = options => HttpChannel.Open(options),
        ["pubsub"] = options => PubSubChannel.Open(options),
    };

    /// <summary>The channel that a parameter is given: one of New-FlowChannel, or an address.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it names no kind of channel that there is.</exception>
    public static IFlowChannel Resolve(object given, SessionState session) => PowerShellValues.Instance.Unwrap(given) switch
    {
        FlowChannel channel => channel.Provider,
        { } address => Resolve(new ChannelOptions { Address = address.ToString()! }, session),
        null => throw FlowErrors.ChannelInvalid(string.Empty, "it is null"),
    };

    /// <summary>The channel, with what else is needed to get into it.</summary>
    /// <inheritdoc cref="Resolve(object, SessionState)"/>
    public static IFlowChannel Resolve(ChannelOptions options, SessionState session)
    {
        var address = options.Address;
        if (LocalAddress.MemoryName(address) is { } name)
            return MemoryChannel.Named(name);
        if (StoreAddress.SchemeOf(address) is { } scheme && scheme != "file")
            return Services.TryGetValue(scheme, out var open) ? open(options) : throw ModuleErrors.ChannelUnknown(address, scheme, Services.Keys);
        return LocalAddress.FolderOf(address, session) is { } folder
            ? new FolderChannel(folder, TimeProvider.System)
            : throw FlowErrors.ChannelInvalid(address, "it is not a folder of the file system");
    }
}
