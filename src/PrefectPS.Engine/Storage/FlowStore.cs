namespace PrefectPS.Storage;

/// <summary>A store, as New-FlowStore makes it and -Store takes it. It shows no credentials.</summary>
public sealed class FlowStore
{
    internal FlowStore(IFlowStore provider) => Provider = provider;

    /// <summary>What it is called in messages: its folder or address.</summary>
    public string Name => Provider.Name;

    /// <summary>Its address: file:, memory:, gs:, azblob:, https:.</summary>
    public string Uri => Provider.Address;

    internal IFlowStore Provider { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
