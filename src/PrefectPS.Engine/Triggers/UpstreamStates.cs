using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>The states of a task's upstream tasks, seen in the run's own array.</summary>
internal readonly ref struct UpstreamStates(State[] states, ReadOnlySpan<int> upstream)
{
    private readonly ReadOnlySpan<int> _upstream = upstream;

    public int Count => _upstream.Length;

    public State this[int i] => states[_upstream[i]];

    /// <summary>Whether all have one of these traits.</summary>
    public bool All(StateTraits traits)
    {
        foreach (var index in _upstream)
        {
            if (!states[index].Type.Has(traits))
                return false;
        }

        return true;
    }

    /// <summary>Whether one has one of these traits.</summary>
    public bool Any(StateTraits traits)
    {
        foreach (var index in _upstream)
        {
            if (states[index].Type.Has(traits))
                return true;
        }

        return false;
    }
}
