using System.Runtime.InteropServices;

namespace PrefectPS.States;

/// <summary>How many children of a mapped task have come to what.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MapTally
{
    /// <summary>Those that have succeeded, with a result.</summary>
    public int Good { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Those of <see cref="Skipped"/> that were not begun, as the map was over before.</summary>
    public int NotBegun { get; private set; }

    /// <summary>Those that have ended, well or not; one that a budget cancelled has not.</summary>
    public int Ended { get; private set; }

    /// <summary>Counts all children.</summary>
    public static MapTally Of(State[] children)
    {
        var tally = default(MapTally);
        foreach (var child in children)
            tally.Add(child, 1);
        return tally;
    }

    /// <summary>A child has come to another state.</summary>
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
