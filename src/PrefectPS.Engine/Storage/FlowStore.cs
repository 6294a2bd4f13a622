namespace PrefectPS.Storage;

/// <summary>A store, as New-FlowStore makes it and -Store takes it. It shows no credentials.</summary>
public sealed class FlowStore
{
    internal FlowStore(IFlowStore provider, IReadOnlyDictionary<string, int>? limits = null)
    {
        Provider = provider;
        ConcurrencyLimit = limits ?? new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What it is called in messages: its folder or address.</summary>
    public string Name => Provider.Name;

    /// <summary>Its address: file:, memory:, gs:, azblob:, https:.</summary>
    public string Uri => Provider.Address;

    /// <summary>How many tasks with a tag may run at a time in all runs of the store, by tag.</summary>
    public IReadOnlyDictionary<string, int> ConcurrencyLimit { get; }

    internal IFlowStore Provider { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
