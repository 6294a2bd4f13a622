using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Gives each task of a flow the state that a document has for it, and says what did not fit.</summary>
/// <param name="flow">The flow.</param>
/// <param name="run">The run the states belong to.</param>
/// <param name="matchByName">Whether an unknown slug may be overlooked where the name fits: Prefect makes slugs of its own.</param>
/// <param name="onChange">What is to be done where the flow has changed.</param>
/// <param name="progress">Takes what did not fit; one sentence each, naming it.</param>
internal sealed class StateMatcher(Flow flow, RunIdentity run, bool matchByName, FlowChangeAction onChange, ReadingProgress progress)
{
    private readonly State?[] _states = new State?[flow.Plan.Tasks.Length];

    /// <summary>How the flow has changed since the document was written; null where it has not.</summary>
    public FlowChanges? Changes { get; private set; }

    public FlowState Match(IReadOnlyCollection<TaskEntry> entries, DocumentHead head)
    {
        if (head.FlowName is { } name && name != flow.Name)
            progress.Warn(() => $"The state document belongs to flow '{JsonTokens.Shorten(name)}', not to '{flow.Name}'.");
        foreach (var parameter in head.Parameters.Except(flow.Parameters, StringComparer.OrdinalIgnoreCase))
            progress.Warn(() => $"Parameter '{JsonTokens.Shorten(parameter)}' in the state document is not a parameter of flow '{flow.Name}'; its value is ignored.");
        var changes = Changes = head.Fingerprint is { } fingerprint && fingerprint != flow.Plan.Fingerprint ? new FlowChanges(flow, head, entries.Count) : null;
        var position = 0;
        foreach (var entry in entries)
            Take(entry, position++, changes);
        changes?.Report(_states, onChange, progress);
        var states = changes is null ? _states : (State?[])_states.Clone(); // what has changed is looked at once more
        for (var i = 0; i < states.Length; i++)
            states[i] ??= State.NotRun;
        return Select(new(flow, run, states!));
    }

    // Which tasks are selected in subflows is determined by the flow as it is now.
    private FlowState Select(FlowState read)
    {
        foreach (var missing in read.Selected?.Missing ?? [])
            progress.Warn(() => $"Task '{JsonTokens.Shorten(missing.ToString())}', which is selected in the state document, is not in flow '{flow.Name}'.");
        return run.Selection is null ? read : read.Select(run.Selection);
    }

    private void Take(TaskEntry entry, int position, FlowChanges? changes)
    {
        if (Find(entry, position) is not { } task)
        {
            progress.WarnOfLostTask(() => $"{Describe(entry, position)} in the state document is not in flow '{flow.Name}'; its state {entry.State!.Type} is ignored.");
            changes?.NoteRemoved(Key(entry));
            return;
        }

        var state = StateOf(entry, run.Started);
        if (run.Hides(task))
            state = state.AsSecret(); // whoever wrote it may not have known
        if (_states[task.Index] is { } other)
        {
            // Work that one of them says is done is not done again.
            state = other.IsFinished && !state.IsFinished ? other : state;
            progress.Warn(() => $"Task '{task.Slug}' is in the state document more than once; the state {state.Type} is used.");
        }

        _states[task.Index] = state;
        changes?.Note(task, position);
    }

    private FlowTask? Find(in TaskEntry entry, int position)
    {
        if (Key(entry) is not { } key)
            return null;
        if (position < flow.Plan.Tasks.Length && ReferenceEquals(flow.Plan.Tasks[position].Slug, key))
            return flow.Plan.Tasks[position];
        return flow.Find(key) ?? (matchByName && entry.Name is not null ? flow.Find(entry.Name) : null);
    }

    /// <summary>The state that an entry of a run's document stands for.</summary>
    public static State StateOf(in TaskEntry entry, DateTimeOffset runStarted)
    {
        var state = entry.State!;
        if (entry.SinceStart is { } sinceStart)
            state = state with { Started = runStarted + sinceStart, Ended = runStarted + sinceStart + entry.Duration };
        if (entry.SubflowRun is { } subflow)
            state = state.WithSubflow(subflow);
        if (entry.Children is not { } children || state.Type != StateType.Mapped)
            return state;
        CheckCount(state, children.Count, entry.Offset);
        return state.ReadChildren([.. children.Select(child => StateOf(child, runStarted))]);
    }

    /// <summary>Checks that a mapped task has as many children as its state says.</summary>
    /// <exception cref="DocumentFaultException">It has not.</exception>
    public static void CheckCount(State state, int count, long offset)
    {
        if ((state.Children?.Length ?? state.Prefect?.MapCount) is { } said && said != count)
            throw new DocumentFaultException($"the task has {Number(count)} children, and its {DocumentKeys.MapCount} says {Number(said)}", offset);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Key(in TaskEntry entry) => entry.Slug ?? entry.Name;

    private static string Describe(in TaskEntry entry, int position) =>
        Key(entry) is { } key ? $"Task '{JsonTokens.Shorten(key)}'" : $"The task at position {position.ToString(CultureInfo.InvariantCulture)}, which has neither slug nor name,";
}
