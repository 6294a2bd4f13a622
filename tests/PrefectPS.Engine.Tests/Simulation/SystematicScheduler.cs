namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Enumerates all schedules up to a number of deviations, depth first.</summary>
/// <param name="maxDeviations">Maximum number of deviations per schedule.</param>
/// <param name="kinds">Kinds of deviations.</param>
internal sealed class SystematicScheduler(int maxDeviations, IReadOnlySet<MoveKind> kinds) : IScheduler
{
    private readonly List<(int Chosen, int Count)> _path = [];
    private int _depth;
    private int _deviations;

    public Move Choose(IReadOnlyList<Move> moves)
    {
        List<Move> allowed = [.. moves.Where(move => !move.IsDeviation || (_deviations < maxDeviations && kinds.Contains(move.Kind)))];
        if (_depth == _path.Count)
            _path.Add((0, allowed.Count));
        var move = allowed[_path[_depth++].Chosen];
        _deviations += move.IsDeviation ? 1 : 0;
        return move;
    }

    /// <summary>Advances to the next schedule; false after the last.</summary>
    public bool Next()
    {
        (_depth, _deviations) = (0, 0);
        while (_path is [.., var last])
        {
            _path.RemoveAt(_path.Count - 1);
            if (last.Chosen + 1 < last.Count)
            {
                _path.Add((last.Chosen + 1, last.Count));
                return true;
            }
        }

        return false;
    }
}
