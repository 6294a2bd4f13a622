namespace PrefectPS.Channels;

/// <summary>A channel of a session, as code that builds on the engine sees it.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class FlowChannelExtensions
{
    extension(FlowChannel channel)
    {
        /// <summary>The channel itself.</summary>
        public IFlowChannel Provider => channel.Provider;

        /// <summary>Makes a channel one that a session can hold.</summary>
        /// <param name="provider">The channel.</param>
        public static FlowChannel Of(IFlowChannel provider) => new(provider);
    }
}
