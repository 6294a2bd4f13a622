namespace PrefectPS.Running;

/// <summary>The tasks and children of a run that wait for a time, the earliest first.</summary>
internal sealed class WaitingTasks
{
    private readonly SortedSet<(DateTimeOffset Due, int Task, int Child)> _waiting = [];

    /// <summary>When the first of them is due; null if none.</summary>
    public DateTimeOffset? NextDue => _waiting.Count == 0 ? null : _waiting.Min.Due;

    public void Add(int task, int child, DateTimeOffset due) => _waiting.Add((due, task, child));

    /// <summary>Takes one that is due.</summary>
    public bool TryTake(DateTimeOffset now, out int task, out int child)
    {
        (task, child) = (-1, ReadyTasks.Self);
        if (!(NextDue <= now))
            return false;
        var first = _waiting.Min;
        (_, task, child) = first;
        return _waiting.Remove(first);
    }
}
