namespace PrefectPS.Channels;

/// <summary>Members of <see cref="FlowChannel"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowChannelExtensions
{
    extension(FlowChannel channel)
    {
        /// <summary>The underlying channel.</summary>
        public IFlowChannel Provider => channel.Provider;

        /// <summary>Wraps a channel for users.</summary>
        /// <param name="provider">The channel.</param>
        public static FlowChannel Of(IFlowChannel provider) => new(provider);
    }
}
