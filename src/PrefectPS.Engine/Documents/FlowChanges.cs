using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>The differences between a flow and the one a document was written for: new, removed and changed tasks.</summary>
/// <param name="flow">The current flow.</param>
/// <param name="head">The document's head, with the earlier flow's hashes.</param>
/// <param name="entries">The number of tasks in the document.</param>
internal sealed class FlowChanges(Flow flow, DocumentHead head, int entries)
{
    private const int MaxNamed = 10;

    // Hashes are matched by position, so a document that lost a task cannot use them.
    private readonly byte[]? _hashes = head.TaskHashes is { } hashes && hashes.Length == entries * FlowFingerprint.TaskHashSize ? hashes : null;
    private readonly bool[] _isChanged = new bool[flow.Plan.Tasks.Length];
    private readonly List<string> _removed = [];
    private int _removedCount;
    private State?[] _states = [];

    /// <summary>Compares a task that is in both, at a position of the document.</summary>
    public void Note(FlowTask task, int position) =>
        _isChanged[task.Index] = _hashes is not null && !HashAt(_hashes, position).SequenceEqual(HashAt(flow.Plan.TaskHashes, task.Index));

    /// <summary>Adds a task that the flow no longer has.</summary>
    public void NoteRemoved(string? key)
    {
        _removedCount++;
        if (_removed.Count < MaxNamed && key is not null)
            _removed.Add(JsonTokens.Shorten(key));
    }

    /// <summary>Reports the changes and applies the action.</summary>
    /// <param name="states">The document's states by task; null where it has none.</param>
    /// <param name="action">The action.</param>
    /// <param name="progress">Receives the warning.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowChanged"/>.</exception>
    public void Report(State?[] states, FlowChangeAction action, ReadingProgress progress)
    {
        _states = states;
        if (action == FlowChangeAction.Error)
            throw FlowErrors.FlowChanged(flow, Describe(states));
        if (head.FlowName is not null && head.FlowName != flow.Name && action == FlowChangeAction.Warn)
            return; // another flow: already reported
        var again = action == FlowChangeAction.RerunChanged ? Reset(states) : 0;
        progress.Warn(() => $"{Describe(states)}{(action == FlowChangeAction.Warn ? string.Empty : $" {RunAgain(again)}")}");
    }

    /// <summary>Applies the action to the recorded run, whose document was read with a warning.</summary>
    /// <param name="run">The run.</param>
    /// <param name="action">The action.</param>
    /// <param name="begunAgain">The indexes of tasks already reset by an unfinished step of the changed flow.</param>
    /// <param name="warn">Receives the warning.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowChanged"/>.</exception>
    public FlowState ApplyTo(FlowState run, FlowChangeAction action, IReadOnlyCollection<int> begunAgain, Action<string> warn)
    {
        if (action == FlowChangeAction.Warn)
            return run;
        if (action == FlowChangeAction.Error)
            throw FlowErrors.FlowChanged(flow, Describe(_states));
        var states = (State[])run.States.Clone();
        var again = Reset(states, begunAgain);
        if (again == 0)
            return run;
        warn($"Run '{run.RunId}': {RunAgain(again)}");
        return run.With(run.Identity, states);
    }

    private static string RunAgain(int count) => count == 1 ? "1 task runs again." : $"{Number(count)} tasks run again.";

    // Changed tasks, and all downstream, that have run.
    private int Reset(State?[] states, IReadOnlyCollection<int>? except = null)
    {
        var again = (bool[])_isChanged.Clone();
        flow.Plan.MarkDownstream(task => _states[task.Index] is null, again);
        foreach (var task in except ?? [])
            again[task] = false;
        var count = 0;
        for (var task = 0; task < states.Length; task++)
        {
            if (!again[task] || states[task] is not { } state || state == State.NotRun)
                continue;
            states[task] = state.Reset(message: null, isStale: true);
            count++;
        }

        return count;
    }

    private string Describe(State?[] states)
    {
        var added = flow.Plan.Tasks.Where(task => states[task.Index] is null).Select(task => task.Slug).ToList();
        var changed = flow.Plan.Tasks.Where(task => _isChanged[task.Index]).Select(task => task.Slug).ToList();
        var parts = new[]
        {
            Part("new", added, added.Count), Part("changed", changed, changed.Count), Part("gone", _removed, _removedCount),
        };
        var said = string.Join("; ", parts.Where(part => part is not null));
        return $"Flow '{flow.Name}' has changed since the state document was written: {(said.Length > 0 ? said : _hashes is null ? "in which tasks cannot be told" : "its parameters, or the order of its tasks")}.";
    }

    private static string? Part(string what, List<string> slugs, int count) =>
        count == 0 ? null : $"{what}: {string.Join(", ", slugs.Take(MaxNamed))}{(count > MaxNamed ? $" and {Number(count - MaxNamed)} more" : string.Empty)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> HashAt(byte[] hashes, int index) => hashes.AsSpan(index * FlowFingerprint.TaskHashSize, FlowFingerprint.TaskHashSize);
}
