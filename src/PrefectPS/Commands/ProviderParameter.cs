using PrefectPS.Channels;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Resolves <c>-Provider</c>: the store or channel of another module.</summary>
internal static class ProviderParameter
{
    /// <summary>Returns the store, or the part of it below a prefix.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.FlowInvalid"/>: the object is not a store. <see cref="FlowErrorId.TargetInvalid"/>: the prefix is not a path.
    /// </exception>
    public static IFlowStore Store(object given, string? prefix)
    {
        var store = Resolve<IFlowStore>(given);
        return prefix is null ? store : store.Below(prefix);
    }

    /// <summary>Returns the channel.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the object is not a channel.</exception>
    public static IFlowChannel Channel(object given) => Resolve<IFlowChannel>(given);

    private static T Resolve<T>(object given)
        where T : class
    {
        var value = PowerShellValues.Instance.Unwrap(given)!;
        return value as T ?? throw ModuleErrors.ProviderUnfit(value, typeof(T), OtherCopyOf(typeof(T), value.GetType()));
    }

    // The interface of the same name that the type implements, from another copy of the engine.
    private static Type? OtherCopyOf(Type contract, Type type) => Array.Find(type.GetInterfaces(), each => each.FullName == contract.FullName);
}
