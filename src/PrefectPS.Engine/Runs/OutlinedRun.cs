using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>A run on record whose flow is not at hand: its tasks have names, states and results, and can do nothing.</summary>
internal static class OutlinedRun
{
    /// <summary>Reads a run.</summary>
    /// <returns>The run; null where no step of it has ended yet, or there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static FlowState? Read(IFlowStore store, string flow, string runId, FlowServices services)
    {
        var files = new RunFiles(store);
        var folder = RunFolder.Of(flow, runId);
        if (LivingRun.Find(files, folder) is not { } run || files.Read(run.Folder.State) is not { } state)
            return null;
        var outline = new Flow(flow, services, new() { Store = store });
        foreach (var (slug, name) in TasksOf(state.Content, run.Folder.State))
            outline.Add(new(name, NoBody.Instance) { Slug = slug });
        return StoredRun.Read(files, run, outline).Run;
    }

    private static List<(string Slug, string Name)> TasksOf(byte[] document, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(document, new() { MaxDepth = Limits.MaxJsonDepth });
            return
            [
                .. from entry in json.RootElement.GetProperty(DocumentKeys.Tasks).EnumerateArray()
                   let task = entry.GetProperty(DocumentKeys.Task)
                   let slug = task.GetProperty(DocumentKeys.Slug).GetString()
                   select (slug, task.TryGetProperty(DocumentKeys.Name, out var name) ? name.GetString() ?? slug : slug),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw FlowErrors.StateInvalid(e.Message, path, line: 1, column: 1, cause: e);
        }
    }

    private sealed class NoBody : ITaskBody
    {
        public static readonly NoBody Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => throw new NotSupportedException();
    }
}
