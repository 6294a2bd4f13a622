namespace PrefectPS.Channels;

/// <summary>A channel, as New-FlowChannel makes it and -Channel takes it. It shows no credentials.</summary>
public sealed class FlowChannel
{
    internal FlowChannel(IFlowChannel provider) => Provider = provider;

    /// <summary>What it is called in messages: its folder or address.</summary>
    public string Name => Provider.Name;

    /// <summary>The largest document that it carries, in bytes.</summary>
    public int MaxDocumentBytes => Provider.MaxDocumentBytes;

    internal IFlowChannel Provider { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
