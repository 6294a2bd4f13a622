using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>How the upstream tasks of a task stand, counted once. A mapped task counts by its children.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct UpstreamSummary
{
    /// <summary>Whether there are upstream tasks; one that is mapped over nothing is one, though it has no children.</summary>
    public bool HasTasks { get; private set; }

    /// <summary>How many states there are.</summary>
    public int Total { get; private set; }

    public int Finished { get; private set; }

    public int Successful { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public static UpstreamSummary Of(State[] states, ReadOnlySpan<int> upstream)
    {
        var summary = new UpstreamSummary { HasTasks = upstream.Length > 0 };
        foreach (var index in upstream)
        {
            if (states[index].Children is { } children)
                summary.AddAll(children);
            else
                summary.Add(states[index].Type.Traits());
        }

        return summary;
    }

    private void AddAll(State[] children)
    {
        foreach (var child in children)
            Add(child.Type.Traits());
    }

    private void Add(StateTraits traits)
    {
        Total++;
        Finished += Has(traits, StateTraits.Finished);
        Successful += Has(traits, StateTraits.Successful);
        Failed += Has(traits, StateTraits.Failed);
        Skipped += Has(traits, StateTraits.Skipped);
    }

    private static int Has(StateTraits traits, StateTraits trait) => (traits & trait) == trait ? 1 : 0;
}
