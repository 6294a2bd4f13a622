namespace PrefectPS.Storage;

/// <summary>A store, as created by New-FlowStore and accepted by -Store. Displays no credentials.</summary>
public sealed class FlowStore
{
    internal FlowStore(IFlowStore provider, IReadOnlyDictionary<string, int>? limits = null)
    {
        Provider = provider;
        ConcurrencyLimit = limits ?? new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Display name: folder or address.</summary>
    public string Name => Provider.Name;

    /// <summary>Its address: file:, memory:, gs:, azblob:, https:.</summary>
    public string Uri => Provider.Address;

    /// <summary>Maximum number of concurrently running tasks per tag, across all runs in the store.</summary>
    public IReadOnlyDictionary<string, int> ConcurrencyLimit { get; }

    internal IFlowStore Provider { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
