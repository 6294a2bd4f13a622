namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>One decision of the scheduler.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Process">To which process; null for what concerns none.</param>
internal sealed record Move(MoveKind Kind, SimulatedProcess? Process)
{
    /// <summary>Whether the schedule departs here from running each process to its end, one after the other.</summary>
    public bool IsDeviation { get; init; }

    /// <summary>The move as a schedule's text has it.</summary>
    public override string ToString() => Kind switch
    {
        MoveKind.Go => Process!.Name,
        MoveKind.Land => "land",
        _ => $"{Process!.Name}!{Kind.ToString().ToLowerInvariant()}",
    };
}
