namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Deviates at random.</summary>
/// <param name="seed">Seed that reproduces the schedule.</param>
/// <param name="kinds">Kinds of deviations.</param>
internal sealed class RandomScheduler(int seed, IReadOnlySet<MoveKind> kinds) : IScheduler
{
    private const double Frequency = 0.06;
    private const int MaxFaults = 3;

    private readonly Random _random = new(seed);
    private int _faults;

    public Move Choose(IReadOnlyList<Move> moves)
    {
        var deviates = _random.NextDouble() < Frequency;
        Move[] allowed = [.. moves.Where(move => move.IsDeviation == deviates && IsAllowed(move))];
        if (allowed.Length == 0)
            return moves[0];
        var move = allowed[_random.Next(allowed.Length)];
        _faults += IsFault(move) ? 1 : 0;
        return move;
    }

    private bool IsAllowed(Move move) => !move.IsDeviation || (kinds.Contains(move.Kind) && (!IsFault(move) || _faults < MaxFaults));

    private static bool IsFault(Move move) => move.Kind is MoveKind.Die or MoveKind.Fail or MoveKind.Lose or MoveKind.Stray;
}
