using System.Collections;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>
/// The elements of a document's tasks, in order. An element in the flow's own order with nothing but a state keeps only that state, which saves memory in large
/// documents.
/// </summary>
/// <param name="tasks">The flow's tasks.</param>
internal sealed class TaskEntries(FlowTask[] tasks) : IReadOnlyCollection<TaskEntry>
{
    private readonly State?[] _states = new State?[tasks.Length];
    private readonly List<TaskEntry> _others = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds an element.</summary>
    /// <param name="entry">The element.</param>
    /// <param name="runStarted">The start of the run; null while unknown.</param>
    public void Add(in TaskEntry entry, DateTimeOffset? runStarted)
    {
        var isUsual = Count < tasks.Length && ReferenceEquals(entry.Slug, tasks[Count].Slug) && entry is { SubflowRun: null, Children: null, State.Type: not StateType.Mapped };
        if (isUsual && runStarted is { } started)
            _states[Count] = StateMatcher.StateOf(entry, started);
        else
            _others.Add(entry);
        Count++;
    }

    /// <inheritdoc/>
    public IEnumerator<TaskEntry> GetEnumerator()
    {
        var other = 0;
        for (var i = 0; i < Count; i++)
            yield return i < tasks.Length && _states[i] is { } state ? new() { Slug = tasks[i].Slug, State = state } : _others[other++];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
