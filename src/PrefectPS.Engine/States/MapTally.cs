using System.Runtime.InteropServices;

namespace PrefectPS.States;

/// <summary>Counts of a mapped task's children by outcome.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MapTally
{
    /// <summary>Children that succeeded with a result.</summary>
    public int Good { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Children of <see cref="Skipped"/> that were skipped because the map was over.</summary>
    public int NotBegun { get; private set; }

    /// <summary>Children that have ended; one cancelled by a budget has not.</summary>
    public int Ended { get; private set; }

    /// <summary>Counts all children.</summary>
    public static MapTally Of(State[] children)
    {
        var tally = default(MapTally);
        foreach (var child in children)
            tally.Add(child, 1);
        return tally;
    }

    /// <summary>Updates the counts for a child's state change.</summary>
    public void Change(State from, State to)
    {
        Add(from, -1);
        Add(to, 1);
    }

    private void Add(State child, int sign)
    {
        if (!child.IsFinished || child.IsCancelledByBudget)
            return;
        Ended += sign;
        if (MapGoal.IsGood(child))
            Good += sign;
        else if (child.IsFailed)
            Failed += sign;
        else if (child.Type.IsSkipped())
            Skipped += sign;
        if (child.IsNotBegun)
            NotBegun += sign;
    }
}
