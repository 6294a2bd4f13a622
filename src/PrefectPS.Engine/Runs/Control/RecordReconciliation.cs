using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Reconciles a run held by the caller with its record: control requests recorded after the caller's document was written win.</summary>
internal static class RecordReconciliation
{
    /// <summary>Applies the record's later requests to the caller's run.</summary>
    /// <param name="merged">The given run, merged with what a crashed step recorded.</param>
    /// <param name="given">The run as given.</param>
    /// <param name="recorded">The recorded run.</param>
    public static FlowState Merge(FlowState merged, FlowState given, FlowState recorded)
    {
        var control = recorded.Identity.Control;
        if (control.IsStopped)
            return recorded; // a caller's state does not continue a stopped run
        string[] set = [.. control.SetSince(given.Identity.Control.Count)]; // a Prefect array carries no requests
        if (set.Length == 0 && (ReferenceEquals(control, merged.Identity.Control) || (control.Count == 0 && merged.Identity.Control is { Count: 0, Hold: null })))
            return merged;
        var states = (State[])merged.States.Clone();
        foreach (var slug in set)
        {
            if (merged.Flow.Find(slug) is { } task)
                states[task.Index] = recorded.States[task.Index];
        }

        return merged.With(merged.Identity with { Control = control }, states);
    }

    /// <summary>Prepares a run for a new record: a stop or suspension stays, and requests are counted anew.</summary>
    public static FlowState Restart(FlowState given) =>
        given.Identity.Control.Count == 0 ? given : given.With(given.Identity with { Control = given.Identity.Control with { Count = 0, Known = [] } }, given.States);
}
