namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Chooses the next move of a simulation.</summary>
internal interface IScheduler
{
    /// <summary>Chooses one of the moves. The list is never empty; its first move deviates least from running each process to its end.</summary>
    Move Choose(IReadOnlyList<Move> moves);
}
