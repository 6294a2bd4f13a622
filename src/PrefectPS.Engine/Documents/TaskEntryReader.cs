using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>
/// Reads the elements of a document's tasks: <c>{"task": {"slug"}, "state": {"type", "message", …}, "time"}</c>, or the short <c>{"slug", "type", "message"}</c>.
/// </summary>
internal readonly ref struct TaskEntryReader(Flow flow, ResultStore? results, ReadingProgress progress, DateTimeOffset? runStarted)
{
    private readonly FlowTask[] _tasks = flow.Plan.Tasks;

    /// <summary>Reads an element, from its first token to its last.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="position">The element's index.</param>
    public TaskEntry Read(ref Utf8JsonReader json, int position) => Read(ref json, position, parent: null);

    private TaskEntry Read(ref Utf8JsonReader json, int position, FlowTask? parent)
    {
        if (progress.CountTasks())
            throw JsonTokens.Fault(ref json, $"there are more than {Limits.MaxTasks} tasks");
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object with a task and its state");
        var entry = new TaskEntry { Offset = json.TokenStartIndex };
        var task = parent;
        State? flat = null;
        Utf8JsonReader state = default; // the state, if it precedes its task
        StateReader read = default;
        var hasState = false;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Task:
                    ReadTask(ref json, ref entry, position);
                    task ??= Find(entry, position);
                    break;
                case DocumentKeys.State when task is null:
                    state = json;
                    json.Skip();
                    break;
                case DocumentKeys.State:
                    read = ReadState(ref json, task);
                    hasState = true;
                    break;
                case DocumentKeys.Time:
                    ReadTime(ref json, ref entry);
                    break;
                case DocumentKeys.Children:
                    entry.Children = ReadChildren(ref json, task);
                    break;
                case DocumentKeys.Subflow:
                    entry.SubflowRun = ReadSubflow(ref json, task);
                    break;
                case DocumentKeys.Slug:
                    entry.Slug = JsonTokens.NameOrNull(ref json);
                    break;
                case DocumentKeys.Type:
                    flat = new(StateReader.ReadType(ref json), flat?.Message);
                    break;
                case DocumentKeys.Message:
                    flat = new(flat?.Type ?? StateType.Pending, StateReader.ReadMessage(ref json));
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (state.TokenType != JsonTokenType.None)
        {
            read = ReadState(ref state, Find(entry, position));
            hasState = true;
        }

        entry.State = hasState ? ToState(read, ref entry) : flat;
        return entry.State is null ? throw new DocumentFaultException("the task has no state", entry.Offset) : entry;
    }

    private StateReader ReadState(scoped ref Utf8JsonReader json, FlowTask? task)
    {
        var reader = new StateReader(task is { HasOwnStore: true } ? task.Results : results, flow.Services.Values, task, progress);
        reader.ReadFields(ref json);
        return reader;
    }

    // Applies the times beside the state, if the run's start is known.
    private State ToState(StateReader read, ref TaskEntry entry)
    {
        if (runStarted is not { } run || entry.SinceStart is not { } sinceStart)
            return read.ToState();
        read.SetTime(run + sinceStart, run + sinceStart + entry.Duration);
        entry.SinceStart = null;
        return read.ToState();
    }

    private List<TaskEntry> ReadChildren(ref Utf8JsonReader json, FlowTask? parent)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of children");
        var children = new List<TaskEntry>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            children.Add(Read(ref json, children.Count, parent));
        return children;
    }

    private FlowState? ReadSubflow(ref Utf8JsonReader json, FlowTask? task)
    {
        if (task?.Subflow is { } subflow)
            return FlowStateReader.ReadSubflow(subflow, results, progress, ref json);
        json.Skip();
        return null;
    }

    private void ReadTask(ref Utf8JsonReader json, ref TaskEntry entry, int position)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a task");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Slug)
                entry.Slug = ReadSlug(ref json, position);
            else if (key == DocumentKeys.Name)
                entry.Name = JsonTokens.NameOrNull(ref json);
            else
                json.Skip();
        }
    }

    // Tasks are usually in the flow's order, so that the slug need not be allocated.
    private string? ReadSlug(ref Utf8JsonReader json, int position)
    {
        if (position < _tasks.Length && JsonTokens.Is(ref json, _tasks[position].Slug))
            return _tasks[position].Slug;
        return JsonTokens.NameOrNull(ref json);
    }

    private FlowTask? Find(in TaskEntry entry, int position) =>
        position < _tasks.Length && ReferenceEquals(_tasks[position].Slug, entry.Slug) ? _tasks[position]
        : (entry.Slug is { } slug ? flow.Find(slug) : null) ?? (entry.Name is { } name ? flow.Find(name) : null);

    /// <summary>Reads the times of a body.</summary>
    public static void ReadTime(ref Utf8JsonReader json, ref TaskEntry entry)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "a start and a duration in milliseconds");
        json.Read();
        entry.SinceStart = JsonTokens.Milliseconds(ref json);
        json.Read();
        entry.Duration = JsonTokens.Milliseconds(ref json);
        json.Read();
        JsonTokens.Expect(ref json, JsonTokenType.EndArray, "the end of the two numbers");
    }
}
