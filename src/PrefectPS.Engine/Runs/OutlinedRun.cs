using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Reads recorded runs without their flow: tasks have names, states and results, but nothing can run.</summary>
public static class OutlinedRun
{
    /// <summary>Reads a run.</summary>
    /// <returns>The run; null if there is none, or nothing is recorded yet.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static FlowState? Read(IFlowStore store, string flow, string runId, FlowServices services) => ReadStored(store, flow, runId, services)?.Run;

    /// <summary>Reads a run with its record.</summary>
    /// <inheritdoc cref="Read"/>
    internal static StoredRun? ReadStored(IFlowStore store, string flow, string runId, FlowServices services)
    {
        var files = new RunFiles(store);
        var folder = RunFolder.Of(flow, runId);
        if (ExistingRun.Find(files, folder) is not { } run)
            return null;
        var reader = run.JournalIn(files);
        return reader.Read(journal => TasksIn(journal, reader) is { } tasks ? StoredRun.Read(reader, journal, run, Define(run, store, tasks, services)) : null);
    }

    /// <summary>Creates an outline flow from the recorded tasks of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The store.</param>
    /// <param name="services">Services of the flow.</param>
    /// <returns>The flow; null if the task names are not recorded yet.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static Flow? Define(ExistingRun run, IFlowStore store, FlowServices services)
    {
        var reader = run.JournalIn(new(store));
        return reader.Read(journal => TasksIn(journal, reader)) is { } tasks ? Define(run, store, tasks, services) : null;
    }

    private static Flow Define(ExistingRun run, IFlowStore store, List<(string Slug, string Name)> tasks, FlowServices services)
    {
        var outline = new Flow(run.Folder.Run.Flow, services, new() { Store = store, UndoOn = run.Head.UndoOn, IsOutline = true });
        foreach (var (slug, task) in tasks)
            outline.Add(new(task, NoBody.Instance) { Slug = slug });
        return outline;
    }

    // Until the first step has ended, its opening record has the task names.
    private static List<(string Slug, string Name)>? TasksIn(JournalChain journal, JournalReader reader)
    {
        if (journal.Base.Checkpoint is { } checkpoint)
            return reader.Checkpoint(checkpoint, document => TasksOf(document, json => json));
        List<(string Slug, string Name)>? tasks = null;
        if (journal.RecordsAfter(0).FirstOrDefault() is { } first)
            journal.Intact(first, () => tasks = TasksOf(first.Content, record => record.GetProperty(RecordKeys.Opens)));
        return tasks;
    }

    private static List<(string Slug, string Name)> TasksOf(byte[] document, Func<JsonElement, JsonElement> holderOf)
    {
        try
        {
            using var json = JsonDocument.Parse(document, new() { MaxDepth = Limits.MaxJsonDepth });
            return
            [
                .. from entry in holderOf(json.RootElement).GetProperty(DocumentKeys.Tasks).EnumerateArray()
                   let task = entry.GetProperty(DocumentKeys.Task)
                   let slug = task.GetProperty(DocumentKeys.Slug).GetString()
                   select (slug, task.TryGetProperty(DocumentKeys.Name, out var name) ? name.GetString() ?? slug : slug),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw FlowErrors.StateUnreadable(e.Message, e);
        }
    }

    private sealed class NoBody : ITaskBody
    {
        public static readonly NoBody Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => throw new NotSupportedException();
    }
}
