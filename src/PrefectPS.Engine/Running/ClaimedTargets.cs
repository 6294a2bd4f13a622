using System.Collections.Concurrent;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>
/// The targets of a run in stores that do not tell case apart. Two that differ in case only are one file there: the second task would take the first one's
/// result for its own.
/// </summary>
/// <param name="run">The run as the step found it, whose targets are known from its results.</param>
internal sealed class ClaimedTargets(FlowState run)
{
    private readonly Lazy<ConcurrentDictionary<string, string>> _targets = new(() => new(Known(run.States).Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(path => new KeyValuePair<string, string>(path, path)), StringComparer.OrdinalIgnoreCase));

    /// <summary>Refuses a target that a store would take for that of another task.</summary>
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
