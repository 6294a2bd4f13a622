namespace PrefectPS.Running;

/// <summary>Tasks and children that wait for a time, earliest first.</summary>
internal sealed class WaitingTasks
{
    private readonly SortedSet<(DateTimeOffset Due, int Task, int Child)> _waiting = [];

    /// <summary>When the first is due; null if empty.</summary>
    public DateTimeOffset? NextDue => _waiting.Count == 0 ? null : _waiting.Min.Due;

    public void Add(int task, int child, DateTimeOffset due) => _waiting.Add((due, task, child));

    /// <summary>Takes a task that is due.</summary>
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
