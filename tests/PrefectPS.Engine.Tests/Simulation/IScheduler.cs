namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Decides what happens next.</summary>
internal interface IScheduler
{
    /// <summary>Chooses one of the moves: never an empty list; the first is the one that departs least from running each process to its end.</summary>
    Move Choose(IReadOnlyList<Move> moves);
}
