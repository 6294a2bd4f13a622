namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>One decision of the scheduler.</summary>
/// <param name="Kind">Kind of the move.</param>
/// <param name="Process">The process; null if none is affected.</param>
internal sealed record Move(MoveKind Kind, SimulatedProcess? Process)
{
    /// <summary>True if the move deviates from running the processes to their end one after the other.</summary>
    public bool IsDeviation { get; init; }

    /// <summary>The move as written in a schedule's text.</summary>
    public override string ToString() => Kind switch
    {
        MoveKind.Go => Process!.Name,
        MoveKind.Land => "land",
        _ => $"{Process!.Name}!{Kind.ToString().ToLowerInvariant()}",
    };
}
