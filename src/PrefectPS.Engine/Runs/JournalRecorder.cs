using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Records task events in the journal.</summary>
internal sealed class JournalRecorder(Journal journal, Lease lease, IFlowStore store, bool recordsStarts = false) : IRunRecorder
{
    private TaskEvent? _started;
    private Dictionary<string, TaskEvent>? _polls; // starts of repeated polls, by task path

    /// <inheritdoc/>
    public bool RecordsStarts => recordsStarts;

    /// <inheritdoc/>
    public string Incarnation => journal.Incarnation;

    /// <inheritdoc/>
    public string Results => journal.Results;

    /// <inheritdoc/>
    public string ResultsIn(IFlowStore other) => other.Address == store.Address ? Results : RunPaths.ElsewhereOf(Results);

    /// <inheritdoc/>
    public void RecordStart(in TaskEvent started)
    {
        _started = started;
        var (starts, takenBack) = (started, started with { To = started.From });
        journal.AddStart(json => Write(json, starts), json => Write(json, takenBack));
    }

    /// <inheritdoc/>
    public void Record(in TaskEvent taskEvent)
    {
        if (taskEvent.IsTransition)
            RecordTransition(taskEvent.Run.Path + ChildSlug.Of(taskEvent.Task, taskEvent.Child), taskEvent);
        else if (taskEvent is { Kind: TaskEventKind.Settled } settled)
            journal.AddEntry(json => Write(json, settled), settled.To.IsCancelledByBudget, endsStart: _started is { } started && IsSamePlace(started, settled));
        else if (taskEvent is { Kind: TaskEventKind.Cancelled } cancelled)
            journal.AddCancelled(json => Write(json, cancelled));
    }

    /// <inheritdoc/>
    public void RecordSelection(RunSelection? selection) => journal.AddEntry(json =>
    {
        json.WriteStartArray();
        SelectionDocument.Write(json, selection);
        json.WriteEndArray();
    });

    /// <inheritdoc/>
    public void RecordRequest(AppliedRequest request)
    {
        journal.AddEntry(json => RequestEntry.Write(json, request));
        journal.AddRequest(request);
    }

    /// <inheritdoc/>
    public void RecordNotice(NotifyReason? due) => journal.AddEntry(json => NoticeEntry.Write(json, due));

    /// <inheritdoc/>
    public void RecordLine(string task, int attempt, FlowLogSource stream, string text) => journal.AddLine(task, attempt, stream, text);

    /// <inheritdoc/>
    public void Flush() => journal.Commit();

    /// <inheritdoc/>
    public void Save()
    {
        journal.ThrowIfFailed();
        journal.Save();
    }

    /// <inheritdoc/>
    public void EnsureLease(bool mustRenew)
    {
        if (!lease.IsHeld(mustRenew))
            journal.FailAsTakenOver();
        journal.ThrowIfFailed();
    }

    // Of repeated polls, the history keeps only the last one, which led to something.
    private void RecordTransition(string slug, in TaskEvent change)
    {
        if (change.Kind == TaskEventKind.Polled && change.To.Type.IsRunning())
        {
            (_polls ??= new(StringComparer.Ordinal))[slug] = change;
            return;
        }

        if (_polls?.TryGetValue(slug, out var poll) == true)
        {
            _polls.Remove(slug);
            if (change.Kind != TaskEventKind.Polled)
                journal.AddTransition(slug, poll.From.Type, poll.To, poll.To.Started);
        }

        if (change.Kind != TaskEventKind.Polled)
            journal.AddTransition(slug, change.From.Type, change.To);
    }

    private static bool IsSamePlace(in TaskEvent one, in TaskEvent other) => one.Run == other.Run && one.Task == other.Task && one.Child == other.Child;

    // A task of the run itself is written like in a state document; a child or a task in a subflow is preceded by its path: [[task, child, …], child, entry].
    private static void Write(Utf8JsonWriter json, in TaskEvent settled)
    {
        var isInside = settled.Run.Owner is not null || settled.Child is not null;
        if (isInside)
        {
            json.WriteStartArray();
            json.WriteStartArray();
            WritePath(json, settled.Run);
            json.WriteEndArray();
            WriteIndex(json, settled.Child);
        }

        FlowStateWriter.WriteTask(json, settled.Task, settled.To, settled.Run.Started, settled.Run.Flow.Services.Values);
        if (isInside)
            json.WriteEndArray();
    }

    private static void WriteIndex(Utf8JsonWriter json, int? child)
    {
        if (child is { } index)
            json.WriteNumberValue(index);
        else
            json.WriteNullValue();
    }

    private static void WritePath(Utf8JsonWriter json, RunStates run)
    {
        if (run.Owner is not { } owner)
            return;
        WritePath(json, owner.Run);
        json.WriteStringValue(owner.Task.Slug);
        WriteIndex(json, owner.Child);
    }
}
