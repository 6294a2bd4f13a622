using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Limits concurrent bodies: in total, and per tag.</summary>
public sealed class Throttle
{
    private readonly int _limit;
    private readonly bool _runsOffThread;
    private readonly Dictionary<string, int> _left;
    private int _running;

    /// <param name="limit">Total limit, at least 1.</param>
    /// <param name="tags">Limits per tag, case-insensitive.</param>
    /// <param name="runsOffThread">Whether bodies run off the step's thread even if one at a time; with a higher limit they always do.</param>
    public Throttle(int limit, IReadOnlyDictionary<string, int>? tags = null, bool runsOffThread = false)
    {
        _limit = limit;
        _runsOffThread = runsOffThread || limit > 1;
        _left = new(StringComparer.OrdinalIgnoreCase);
        if (tags is null)
            return;
        foreach (var tag in tags)
            _left[tag.Key] = tag.Value;
    }

    /// <summary>Total limit.</summary>
    internal int Limit => _limit;

    /// <summary>True if the task's body runs off the step's thread: because several may run, or because the task requires it.</summary>
    public bool RunsOffThread(FlowTask task) => _runsOffThread || task.RunsOffThread;

    /// <summary>True if no further body may start, whatever its tags.</summary>
    internal bool IsFull => _running >= _limit;

    /// <summary>Caps the limits per tag at those shared by all runs of the store.</summary>
    internal Throttle Within(ITagPlaces? places)
    {
        if (places is null)
            return this;
        var tags = new Dictionary<string, int>(_left, StringComparer.OrdinalIgnoreCase);
        foreach (var limit in places.Limits)
            tags[limit.Key] = tags.TryGetValue(limit.Key, out var own) ? Math.Min(own, limit.Value) : limit.Value;
        return new(_limit, tags, _runsOffThread);
    }

    /// <summary>A throttle for one body at a time, on the same threads.</summary>
    public Throttle OneAtATime() => new(1, runsOffThread: _runsOffThread);

    /// <summary>Admission key: the limited tags of a task, as one string.</summary>
    internal string LimitsOf(FlowTask task) =>
        _left.Count == 0 ? string.Empty : string.Join("\n", task.Tags.Where(_left.ContainsKey).Select(tag => tag.ToUpperInvariant()));

    /// <summary>Acquires a slot for a task if one is free.</summary>
    internal bool TryEnter(FlowTask task) =>
        !IsFull && !task.Tags.Any(tag => _left.TryGetValue(tag, out var left) && left <= 0) && Enter(task);

    /// <summary>Acquires a slot for a task even if none is free.</summary>
    internal bool Enter(FlowTask task)
    {
        _running++;
        Take(task.Tags, 1);
        return true;
    }

    /// <summary>Releases a task's slot.</summary>
    internal void Leave(FlowTask task)
    {
        _running--;
        Take(task.Tags, -1);
    }

    /// <summary>Turns a task's slot over to its subflow, whose tasks acquire their own. Only the tags that none of them has stay held.</summary>
    internal void Hold(FlowTask task)
    {
        Leave(task);
        Take(Held(task), 1);
    }

    /// <summary>Releases what <see cref="Hold"/> kept, once the subflow has ended or has to wait.</summary>
    public void ReleaseHeld(FlowTask task) => Take(Held(task), -1);

    private static IEnumerable<string> Held(FlowTask task) => task.Tags.Where(tag => !task.Subflow!.Plan.HasTag(tag));

    private void Take(IEnumerable<string> tags, int count)
    {
        if (_left.Count == 0)
            return;
        foreach (var tag in tags)
        {
            if (_left.TryGetValue(tag, out var left))
                _left[tag] = left - count;
        }
    }
}
