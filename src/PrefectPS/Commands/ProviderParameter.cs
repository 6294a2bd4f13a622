using PrefectPS.Channels;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The store or channel of another module that <c>-Provider</c> gives.</summary>
internal static class ProviderParameter
{
    /// <summary>The store, or the part of it below a prefix.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.FlowInvalid"/>: the object is no store, or has no address. <see cref="FlowErrorId.TargetInvalid"/>: the prefix is no path.
    /// </exception>
    public static IFlowStore Store(object given, string? prefix)
    {
        var store = Resolve<IFlowStore>(given);
        if (string.IsNullOrWhiteSpace(store.Name) || string.IsNullOrWhiteSpace(store.Address))
            throw ModuleErrors.ProviderWithoutName(store, "Name and Address");
        return prefix is null ? store : PrefixedStore.Of(store, prefix);
    }

    /// <summary>The channel.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the object is no channel, or has no name.</exception>
    public static IFlowChannel Channel(object given)
    {
        var channel = Resolve<IFlowChannel>(given);
        return string.IsNullOrWhiteSpace(channel.Name) ? throw ModuleErrors.ProviderWithoutName(channel, nameof(channel.Name)) : channel;
    }

    private static T Resolve<T>(object given)
        where T : class
    {
        var value = PowerShellValues.Instance.Unwrap(given)!;
        return value as T ?? throw ModuleErrors.ProviderUnfit(value, typeof(T), OtherCopyOf(typeof(T), value.GetType()));
    }

    // The interface of the same name that a type implements, from an engine that is not this one.
    private static Type? OtherCopyOf(Type contract, Type type) => Array.Find(type.GetInterfaces(), each => each.FullName == contract.FullName);
}
