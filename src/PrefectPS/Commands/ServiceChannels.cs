using PrefectPS.Channels;

namespace PrefectPS.Commands;

/// <summary>A kind of channel behind a service.</summary>
/// <param name="Open">
/// Creates a channel. The provider's assembly and its SDK are loaded when this function is first compiled, that is, when the first such channel is opened.
/// </param>
/// <param name="Options">The <see cref="ChannelOptions"/> that it supports.</param>
internal sealed record ServiceChannels(Func<ChannelOptions, IFlowChannel> Open, string[] Options)
{
    /// <summary>The channel.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the options conflict.</exception>
    public IFlowChannel Resolve(ChannelOptions options)
    {
        Check(options, Options);
        return Open(options);
    }

    /// <summary>Refuses options that the channel does not support, such as a signing key for a queue.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static void Check(ChannelOptions options, string[] understood)
    {
        (string Name, object? Value)[] all =
        [
            (nameof(options.ConnectionString), options.ConnectionString), (nameof(options.AccountKey), options.AccountKey), (nameof(options.KeyFile), options.KeyFile),
            (nameof(options.SigningKey), options.SigningKey), (nameof(options.Endpoint), options.Endpoint),
        ];
        if (GivenOptions.FirstUnfit(all, understood) is { } unfit)
            throw ModuleErrors.ChannelOptionUnfit(options.Address, unfit);
    }
}
