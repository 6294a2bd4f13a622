using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>A state of a compact document that no shape can represent.</summary>
/// <param name="State">The state itself.</param>
/// <param name="SinceStart">The start of its body, relative to the run's start; null where it did not run.</param>
/// <param name="Duration">The duration of its body.</param>
/// <param name="Children">A mapped task's children; null for another.</param>
/// <param name="Task">The task; null where the flow has none.</param>
/// <param name="Offset">The offset in the document.</param>
internal sealed record CompactEntry(State State, TimeSpan? SinceStart, TimeSpan Duration, CompactBlockReader? Children, FlowTask? Task, long Offset)
{
    /// <summary>Reads an entry, from its first token to its last.</summary>
    public static CompactEntry Read(ref Utf8JsonReader json, Flow flow, ResultStore? results, FlowTask? task, ReadingProgress progress)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an entry");
        var offset = json.TokenStartIndex;
        var entry = default(TaskEntry);
        CompactBlockReader? children = null;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.State:
                    entry.State = new StateReader(task is { HasOwnStore: true } ? task.Results : results, flow.Services.Values, task, progress).Read(ref json);
                    break;
                case DocumentKeys.Time:
                    TaskEntryReader.ReadTime(ref json, ref entry);
                    break;
                case DocumentKeys.Children:
                    children = ReadChildren(ref json, flow, results, task, progress);
                    break;
                case DocumentKeys.Subflow when task?.Subflow is { } subflow:
                    entry.SubflowRun = CompactReader.ReadSubflow(subflow, results, progress, ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (entry.State is null)
            throw new DocumentFaultException("the entry has no state", offset);
        var state = entry.SubflowRun is null ? entry.State : entry.State.WithSubflow(entry.SubflowRun);
        return new(state, entry.SinceStart, entry.Duration, state.Type == StateType.Mapped ? children : null, task, offset);
    }

    /// <summary>Restores the state with its times and children.</summary>
    public State ToState(DateTimeOffset runStarted)
    {
        var state = SinceStart is { } start ? State with { Started = runStarted + start, Ended = runStarted + start + Duration } : State;
        if (Children is null)
            return state;
        var children = Children.ToStates(runStarted, index => ChildSlug.Of(Task?.Slug ?? string.Empty, index), Offset);
        StateMatcher.CheckCount(state, children.Length, Offset);
        return state.ReadChildren(children);
    }

    private static CompactBlockReader ReadChildren(ref Utf8JsonReader json, Flow flow, ResultStore? results, FlowTask? task, ReadingProgress progress)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var block = new CompactBlockReader(flow, results, progress, _ => task);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (!block.ReadProperty(ref json, key))
                json.Skip();
        }

        return block;
    }
}
