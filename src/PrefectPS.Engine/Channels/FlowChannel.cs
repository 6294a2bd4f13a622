namespace PrefectPS.Channels;

/// <summary>A channel created by New-FlowChannel, for -Channel. Shows no credentials.</summary>
public sealed class FlowChannel
{
    internal FlowChannel(IFlowChannel provider) => Provider = provider;

    /// <summary>The channel's folder or address, as in messages.</summary>
    public string Name => Provider.Name;

    /// <summary>The largest document it carries, in bytes.</summary>
    public int MaxDocumentBytes => Provider.MaxDocumentBytes;

    internal IFlowChannel Provider { get; }

    /// <summary>The channel's name.</summary>
    public override string ToString() => Name;
}
