using System.Collections.Concurrent;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>
/// The targets of a run in case-insensitive stores. Two that differ only in case are one file there: the second task would take the first one's result
/// for its own.
/// </summary>
/// <param name="run">The run before the step; its results tell its targets.</param>
internal sealed class ClaimedTargets(FlowState run)
{
    private readonly Lazy<ConcurrentDictionary<string, string>> _targets = new(() => new(Known(run.States).Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(path => new KeyValuePair<string, string>(path, path)), StringComparer.OrdinalIgnoreCase));

    /// <summary>Claims a target; throws if the store would confuse it with another one.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
    public void Claim(string target, IFlowStore? store)
    {
        if (store is ICaseInsensitiveStore { IgnoresCase: true } && _targets.Value.GetOrAdd(target, target) is var other && other != target)
            throw FlowErrors.TargetInvalid(target, $"the store '{store.Name}' does not tell it apart from '{other}', another target of the run");
    }

    private static IEnumerable<string> Known(State[] states) => states.SelectMany(state =>
        (state.Result?.Location is { } location ? [location] : Array.Empty<string>())
        .Concat(Known(state.Children ?? []))
        .Concat(Known(state.SubflowRun?.States ?? [])));
}
