using PrefectPS.Channels;

namespace PrefectPS.Commands;

/// <summary>A kind of channel behind a service.</summary>
/// <param name="Open">
/// Makes one. The provider's assembly, and the SDK behind it, is loaded when the function is first compiled: when the first such channel is opened.
/// </param>
/// <param name="Options">What of <see cref="ChannelOptions"/> it understands.</param>
internal sealed record ServiceChannels(Func<ChannelOptions, IFlowChannel> Open, string[] Options)
{
    /// <summary>The channel.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: what is given does not fit together.</exception>
    public IFlowChannel Resolve(ChannelOptions options)
    {
        Check(options, Options);
        return Open(options);
    }

    /// <summary>Refuses what is given and not understood: a key that signs nothing, for example.</summary>
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
