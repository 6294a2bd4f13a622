using System.Diagnostics.CodeAnalysis;

namespace PrefectPS.Flows;

/// <summary>
/// Index of a flow's tasks by name and slug, case-insensitive. Rejects keys that look like a child of a mapped task, <c>task[0]</c>, or a task in a
/// subflow, <c>task/inner</c>: in paths, histories and addresses each name means exactly one task.
/// </summary>
internal sealed class TaskKeys
{
    private readonly Dictionary<string, FlowTask> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FlowTask> _likeChildren = new(StringComparer.OrdinalIgnoreCase); // x -> the task named x[0]
    private readonly Dictionary<string, FlowTask> _likeInner = new(StringComparer.OrdinalIgnoreCase); // a, a/b -> the task named a/b/c

    /// <summary>Finds a task by name or slug.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out FlowTask? task) => _tasks.TryGetValue(key, out task);

    /// <summary>Adds a task.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskExists"/>: its name or slug is taken, or could be read as part of another task.</exception>
    public void Add(FlowTask task)
    {
        string[] keys = string.Equals(task.Slug, task.Name, StringComparison.OrdinalIgnoreCase) ? [task.Slug] : [task.Slug, task.Name];
        foreach (var key in keys)
        {
            if (_tasks.TryGetValue(key, out var other))
                throw FlowErrors.TaskExists(task.Flow, key, other);
            CheckParts(task, key);
        }

        foreach (var key in keys)
        {
            _tasks[key] = task;
            if (MappedBy(key) is { } mapped)
                _likeChildren[mapped] = task;
            foreach (var outer in OuterOf(key))
                _likeInner[outer] = task;
        }
    }

    private void CheckParts(FlowTask task, string key)
    {
        if (MappedBy(key) is { } mapped && _tasks.TryGetValue(mapped, out var other) && other.IsMapped)
            throw FlowErrors.TaskLikePart(task.Flow, key, other, "children");
        if (OuterOf(key).FirstOrDefault(outer => _tasks.TryGetValue(outer, out var found) && found.Subflow is not null) is { } subflow)
            throw FlowErrors.TaskLikePart(task.Flow, key, _tasks[subflow], "tasks in its subflow");
        if (task.IsMapped && _likeChildren.TryGetValue(key, out var child))
            throw FlowErrors.TaskLikePart(task.Flow, child.Slug, task, "children");
        if (task.Subflow is not null && _likeInner.TryGetValue(key, out var inner))
            throw FlowErrors.TaskLikePart(task.Flow, inner.Slug, task, "tasks in its subflow");
    }

    // The mapped task whose child the key would name; null if none.
    private static string? MappedBy(string key)
    {
        if (key.Length == 0 || key[key.Length - 1] != ']')
            return null;
        var open = key.LastIndexOf('[');
        return open > 0 && open < key.Length - 2 && key.Skip(open + 1).Take(key.Length - open - 2).All(c => c is >= '0' and <= '9') ? key.Substring(0, open) : null;
    }

    // The subflows that the key would lie in, children of mapped subflows included.
    private static IEnumerable<string> OuterOf(string key)
    {
        for (var slash = key.IndexOf('/'); slash >= 0; slash = key.IndexOf('/', slash + 1))
        {
            var outer = key.Substring(0, slash);
            yield return MappedBy(outer) ?? outer;
        }
    }
}
