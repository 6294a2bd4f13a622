using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>A run on record whose flow is not at hand: its tasks have names, states and results, and can do nothing.</summary>
public static class OutlinedRun
{
    /// <summary>Reads a run.</summary>
    /// <returns>The run; null where there is none, or nothing of it is on record yet.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static FlowState? Read(IFlowStore store, string flow, string runId, FlowServices services) => ReadStored(store, flow, runId, services)?.Run;

    /// <summary>Reads a run with what its record says of it.</summary>
    /// <inheritdoc cref="Read"/>
    internal static StoredRun? ReadStored(IFlowStore store, string flow, string runId, FlowServices services)
    {
        var files = new RunFiles(store);
        var folder = RunFolder.Of(flow, runId);
        if (LivingRun.Find(files, folder) is not { } run)
            return null;
        var reader = run.JournalIn(files);
        return reader.Read(journal => TasksIn(journal, reader) is { } tasks ? StoredRun.Read(reader, journal, run, Define(run, store, tasks, services)) : null);
    }

    /// <summary>A flow of the tasks that a run on record has.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">Its store.</param>
    /// <param name="services">What the flow takes from its surroundings.</param>
    /// <returns>The flow; null where their names are not on record yet.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    internal static Flow? Define(LivingRun run, IFlowStore store, FlowServices services)
    {
        var reader = run.JournalIn(new(store));
        return reader.Read(journal => TasksIn(journal, reader)) is { } tasks ? Define(run, store, tasks, services) : null;
    }

    private static Flow Define(LivingRun run, IFlowStore store, List<(string Slug, string Name)> tasks, FlowServices services)
    {
        var outline = new Flow(run.Folder.Run.Flow, services, new() { Store = store, UndoOn = run.Head.UndoOn, IsOutline = true });
        foreach (var (slug, task) in tasks)
            outline.Add(new(task, NoBody.Instance) { Slug = slug });
        return outline;
    }

    // Until its first step has ended, the record that opened it has the names of the tasks.
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
