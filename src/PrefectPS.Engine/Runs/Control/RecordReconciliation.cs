using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A run that travels by itself, against its record: of what was requested on the record after the document was written, the record wins.</summary>
internal static class RecordReconciliation
{
    /// <summary>The run as a step goes on with it.</summary>
    /// <param name="merged">The given run, with what a step that died has put on record.</param>
    /// <param name="given">The run as it was given.</param>
    /// <param name="recorded">The run on record.</param>
    public static FlowState Merge(FlowState merged, FlowState given, FlowState recorded)
    {
        var control = recorded.Identity.Control;
        if (control.IsStopped)
            return recorded; // a state in hand does not let it go on
        string[] set = [.. control.SetSince(given.Identity.Control.Count)]; // an array of Prefect's knows of no request
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

    /// <summary>A run that is put on record anew: a mark stays, and requests are counted from there.</summary>
    public static FlowState Restart(FlowState given) =>
        given.Identity.Control.Count == 0 ? given : given.With(given.Identity with { Control = given.Identity.Control with { Count = 0, Known = [] } }, given.States);
}
