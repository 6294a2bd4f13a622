using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Matches a document's states with the flow's tasks, and reports mismatches.</summary>
/// <param name="flow">The flow.</param>
/// <param name="run">The run's identity.</param>
/// <param name="matchByName">Whether a task may match by name where its slug is unknown, as Prefect generates slugs.</param>
/// <param name="onChange">How to handle a changed flow.</param>
/// <param name="progress">Receives warnings; one sentence each.</param>
internal sealed class StateMatcher(Flow flow, RunIdentity run, bool matchByName, FlowChangeAction onChange, ReadingProgress progress)
{
    private readonly State?[] _states = new State?[flow.Plan.Tasks.Length];

    /// <summary>Changes of the flow since the document was written; null if none.</summary>
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
        var states = changes is null ? _states : (State?[])_states.Clone(); // ApplyTo may use the originals again
        for (var i = 0; i < states.Length; i++)
            states[i] ??= State.NotRun;
        return Select(new(flow, run, states!));
    }

    // Selection inside subflows follows the current flow.
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
            state = state.AsSecret(); // the writer may not have known that it is one
        if (_states[task.Index] is { } other)
        {
            // A task finished according to either state is not run again.
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

    /// <summary>Converts an entry to its state.</summary>
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

    /// <summary>Verifies that a mapped task has as many children as its state says.</summary>
    /// <exception cref="DocumentFaultException">The numbers differ.</exception>
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
