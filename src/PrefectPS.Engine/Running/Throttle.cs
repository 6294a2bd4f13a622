using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>How many bodies may run at once: in all, and of those with a tag.</summary>
public sealed class Throttle
{
    private readonly int _limit;
    private readonly bool _runsBeside;
    private readonly Dictionary<string, int> _left;
    private int _running;

    /// <param name="limit">How many in all; 1 or more.</param>
    /// <param name="tags">How many of those with a tag, by the tag, whatever its case.</param>
    /// <param name="runsBeside">Whether bodies run beside the step's thread though it be one at a time; where several may, they do in any case.</param>
    public Throttle(int limit, IReadOnlyDictionary<string, int>? tags = null, bool runsBeside = false)
    {
        _limit = limit;
        _runsBeside = runsBeside || limit > 1;
        _left = new(StringComparer.OrdinalIgnoreCase);
        if (tags is null)
            return;
        foreach (var tag in tags)
            _left[tag.Key] = tag.Value;
    }

    /// <summary>How many bodies may run at once, in all.</summary>
    internal int Limit => _limit;

    /// <summary>Whether a task's body runs beside the step's thread: where several may run, or where the task asks for it.</summary>
    public bool RunsBeside(FlowTask task) => _runsBeside || task.RunsBeside;

    /// <summary>Whether no further body may start, whatever its tags.</summary>
    internal bool IsFull => _running >= _limit;

    /// <summary>The same, where this step has no more places of a tag than all runs of its store have.</summary>
    internal Throttle Within(ITagPlaces? places)
    {
        if (places is null)
            return this;
        var tags = new Dictionary<string, int>(_left, StringComparer.OrdinalIgnoreCase);
        foreach (var limit in places.Limits)
            tags[limit.Key] = tags.TryGetValue(limit.Key, out var own) ? Math.Min(own, limit.Value) : limit.Value;
        return new(_limit, tags, _runsBeside);
    }

    /// <summary>One body at a time, where it would run.</summary>
    internal Throttle OneAtATime() => new(1, runsBeside: _runsBeside);

    /// <summary>The tags of a task that have a limit, as one text: of tasks with the same all find a place, or none does.</summary>
    internal string LimitsOf(FlowTask task) =>
        _left.Count == 0 ? string.Empty : string.Join("\n", task.Tags.Where(_left.ContainsKey).Select(tag => tag.ToUpperInvariant()));

    /// <summary>Takes a place for a task, where there is one.</summary>
    internal bool TryEnter(FlowTask task) =>
        !IsFull && !task.Tags.Any(tag => _left.TryGetValue(tag, out var left) && left <= 0) && Enter(task);

    /// <summary>Takes a place for a task whether there is one or not.</summary>
    internal bool Enter(FlowTask task)
    {
        _running++;
        Take(task.Tags, 1);
        return true;
    }

    /// <summary>Gives a task's place back.</summary>
    internal void Leave(FlowTask task)
    {
        _running--;
        Take(task.Tags, -1);
    }

    /// <summary>A task goes on as a flow, whose tasks take places of their own. It keeps only those of the tags that none of them has.</summary>
    internal void Hold(FlowTask task)
    {
        Leave(task);
        Take(Held(task), 1);
    }

    /// <summary>The task's flow has ended, or has to wait.</summary>
    internal void LetGo(FlowTask task) => Take(Held(task), -1);

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
