using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// The states of a run while events change them, and of the subflow runs in it: the one way in which a state changes, whether a step decides the
/// events or a journal is replayed.
/// </summary>
public sealed class RunStates : IUndoStates
{
    private readonly IRunRecorder? _recorder;
    private readonly ITransitionLog? _log;
    private long? _size; // of the run itself with all that is inside it: no less than it is
    private TaskSet? _changed; // tasks whose states are not those of the start
    private (int Changes, SettledTasks Tasks)? _settled; // as they were after so many changes
    private HashSet<int>? _copied; // mapped tasks whose array of children is a copy of this object's own
    private Dictionary<(int Task, int? Child), RunStates>? _subflows; // those that events are applied to

    /// <summary>The states of a run as it was left.</summary>
    /// <param name="start">The run.</param>
    /// <param name="recorder">Records each event; null where nothing is recorded.</param>
    /// <param name="log">Told of each event; null where nobody is.</param>
    internal RunStates(FlowState start, IRunRecorder? recorder = null, ITransitionLog? log = null)
        : this(start, start.Flow.Results, recorder, log, owner: null)
    {
    }

    private RunStates(FlowState start, ResultStore? results, IRunRecorder? recorder, ITransitionLog? log, (RunStates Run, FlowTask Task, int? Child)? owner)
    {
        Start = start;
        Owner = owner;
        _recorder = recorder;
        _log = log;
        Results = results;
        Selection = start.Identity.Selection;
        View = new(start.Flow.Plan, (State[])start.States.Clone(), owner?.Run.View) { HasRoomFor = HasRoomFor };
        Control = start.Identity.Control;
    }

    /// <summary>The run as it was before the first event.</summary>
    internal FlowState Start { get; }

    /// <summary>The flow.</summary>
    internal Flow Flow => Start.Flow;

    /// <summary>Which of the tasks are to run; null for all.</summary>
    internal RunSelection? Selection { get; private set; }

    /// <summary>When the run was started.</summary>
    internal DateTimeOffset Started => Start.StartTime;

    /// <summary>Where its results are; null where they are in its states.</summary>
    internal ResultStore? Results { get; }

    /// <summary>The states as the tasks behind see them.</summary>
    internal RunStateView View { get; }

    /// <summary>The states, by the tasks' index; changed by <see cref="Apply"/> only.</summary>
    public State[] States => View.States;

    /// <summary>What others have asked of the run; changed by <see cref="Take"/>, and by the events that its tasks take.</summary>
    internal RunControl Control
    {
        get;
        private set => View.Keep((field = value).Events);
    }

    /// <summary>When the time of the run is over; null where it has any.</summary>
    internal DateTimeOffset? Deadline => Control.DeadlineOf(Flow, Started);

    /// <summary>Which of its tasks have ended for good.</summary>
    internal SettledTasks Settled
    {
        get
        {
            if (_settled?.Changes != Changes)
                _settled = (Changes, _changed is null ? Start.Settled : Start.Settled.After(Flow.Plan, Start.States, States, _changed));
            return _settled.Value.Tasks;
        }
    }

    /// <summary>How many events have changed a state.</summary>
    internal int Changes { get; private set; }

    FlowPlan IUndoStates.Plan => View.Plan;

    IUndoStates? IUndoStates.Inside(FlowTask task, int? child) => SubflowOf(task, child);

    /// <summary>The task whose subflow this is a run of, and which of its children; null for the run itself.</summary>
    internal (RunStates Run, FlowTask Task, int? Child)? Owner { get; }

    /// <summary>What precedes the slugs of its tasks: the path of the subflow it is a run of.</summary>
    internal string Path { get; private init; } = string.Empty;

    /// <summary>The run that this one is in, at whatever depth; itself where it is in none. What others ask of the run is asked of it.</summary>
    internal RunStates Root => Owner is { } owner ? owner.Run.Root : this;

    /// <summary>The state of a task or child; null where there is no such child.</summary>
    internal State? StateOf(int task, int? child) =>
        child is not { } index ? States[task] : States[task].Children is { } children && index < children.Length ? children[index] : null;

    /// <summary>Other tasks are to run from now on.</summary>
    internal void Select(RunSelection? selection)
    {
        ApplySelection(selection);
        _recorder?.RecordSelection(selection);
    }

    /// <summary>The reducer: other tasks are to run.</summary>
    internal void ApplySelection(RunSelection? selection)
    {
        Selection = selection;
        Changes++;
    }

    /// <summary>A task or child changes from one state to another, which need not be the one that it is left in.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Which child; null for the task itself.</param>
    /// <param name="from">The state it was in.</param>
    /// <param name="to">The state it is in now.</param>
    /// <param name="isPoll">Whether it polls once more, or has, and polls on.</param>
    internal void Change(FlowTask task, int? child, State from, State to, bool isPoll = false)
    {
        if (_recorder is not null || _log is not null)
            Tell(new(this, task, child, from, to, isPoll ? TaskEventKind.Polled : TaskEventKind.Changed));
    }

    /// <summary>A task or child is left in a state; nothing happens where it is in that state already.</summary>
    internal void Settle(FlowTask task, int? child, State state, TaskEventKind kind = TaskEventKind.Settled)
    {
        state = state.LeaveOutPayload();
        if (StateOf(task.Index, child) is not { } from || ReferenceEquals(from, state))
            return;
        var settled = new TaskEvent(this, task, child, from, state, kind);
        Apply(settled);
        Tell(settled);
    }

    /// <summary>The body of a task or child is about to run alone.</summary>
    internal void RunAlone(FlowTask task, int? child, TaskCrash crash)
    {
        if (StateOf(task.Index, child) is not { } from)
            return;
        var started = new TaskEvent(this, task, child, from, from.RunAlone(crash), TaskEventKind.Settled);
        Apply(started);
        _recorder?.RecordStart(started);
    }

    /// <summary>The process of a worker that ran the body of a task or child alone is gone.</summary>
    internal void AddCrash(FlowTask task, int? child, TaskCrash crash)
    {
        if (StateOf(task.Index, child) is { } from)
            Settle(task, child, from.RunAlone(crash));
    }

    /// <summary>The reducer: applies an event to the states of this run.</summary>
    internal void Apply(in TaskEvent taskEvent)
    {
        if (taskEvent.IsTransition)
            return;
        var task = taskEvent.Task.Index;
        if (taskEvent.Child is not { } child)
        {
            CloseSubflows(task);
            States[task] = taskEvent.To;
            _copied?.Remove(task);
        }
        else
        {
            _subflows?.Remove((task, child));
            OwnChildren(task)[child] = taskEvent.To;
        }

        View.Changed(task);
        NoteChange(task);
        if (taskEvent.To.Event is { Id: { } taken })
            Root.Drop(taken);
    }

    /// <summary>A control request is applied: what it makes of the run follows from it alone, on replay, too. The tasks that an edit sets are events behind it.</summary>
    internal void Take(AppliedRequest applied)
    {
        _recorder?.RecordRequest(applied);
        var (request, mark) = (applied.Request, Control.Mark);
        if (!applied.IsVoid)
        {
            mark = request.Kind switch
            {
                RequestKind.Stop or RequestKind.Suspend => new(request.Kind == RequestKind.Stop, request.By, request.At, request.Reason),
                RequestKind.Undo when request.IsSpecial => new(IsStop: true, request.By, request.At, request.Reason),
                RequestKind.Resume => null,
                RequestKind.Edit => mark is { IsStop: true } ? null : mark,
                _ => mark,
            };
            if (request.Kind == RequestKind.Stop || request is { Kind: RequestKind.Undo, IsSpecial: true })
                ChangeAll(state => state.Children is null && (!state.IsFinished || state.IsCancelledByBudget) ? state.Stop(mark!.Message) : state);
            else if (request.Kind == RequestKind.Resume && request.IsSpecial)
                ChangeAll(state => state.WasStopped ? state.Restart() : state, UndoneTasks.Follow);
        }

        Control = Control.Next(request.Id, applied.Tasks, mark);
        if (request is { Kind: RequestKind.Event, Event: { } sent } && !applied.IsVoid)
            Control = Control.With(new(request.Id, sent.Name, request.By, request.At, sent.Payload));
        else if (request is { Kind: RequestKind.Refuse, Refused: { } refused })
            Control = Control.Without(refused);
        else if (request.Kind == RequestKind.Edit && !applied.IsVoid)
            Control = Control.Edited(Flow, Started, request.At);
    }

    /// <summary>Something is to be told of the run.</summary>
    internal void AddDue(NotifyReason due)
    {
        Control = Control.WithDue(due);
        _recorder?.RecordNotice(due);
    }

    /// <summary>What was to be told of the run was told.</summary>
    internal void ClearDue()
    {
        Control = Control with { Due = [] };
        _recorder?.RecordNotice(due: null);
    }

    /// <summary>The states of the subflow run of a task or child, to apply events to; null where it has none.</summary>
    internal RunStates? SubflowOf(FlowTask task, int? child) =>
        _subflows?.TryGetValue((task.Index, child), out var open) == true ? open
        : StateOf(task.Index, child)?.SubflowRun is { } run ? OpenSubflow(task, child, run)
        : null;

    /// <summary>Begins to apply events to the subflow run of a task or child.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Which child; null for the task itself.</param>
    /// <param name="run">Its subflow run as it is now.</param>
    internal RunStates OpenSubflow(FlowTask task, int? child, FlowState run) =>
        (_subflows ??= [])[(task.Index, child)] = new(run, run.Flow.Results ?? Results, _recorder, _log, (this, task, child))
        {
            Path = $"{Path}{ChildSlug.Of(task, child)}/",
        };

    /// <summary>The states of this run, or of one inside it, that stand where another's do; null where there are none.</summary>
    internal RunStates? Locate(RunStates other) =>
        other.Owner is not { } owner ? this : Locate(owner.Run) is { } outer && outer.Flow.Find(owner.Task.Slug) is { } task ? outer.SubflowOf(task, owner.Child) : null;

    /// <summary>The run as the events have left it; itself where nothing has changed. No event may be applied after that.</summary>
    /// <param name="run">Which run it is now.</param>
    internal FlowState ToState(RunIdentity run)
    {
        FoldSubflows(run.Step);
        return Changes > 0 ? Start.With(Current(run), States, Settled)
            : !ReferenceEquals(Control, Start.Identity.Control) ? Start.With(Current(Start.Identity), States)
            : Start;
    }

    private RunIdentity Current(RunIdentity run) =>
        ReferenceEquals(run.Selection, Selection) && ReferenceEquals(run.Control, Control) ? run : run with { Selection = Selection, Control = Control };

    /// <summary>The run as it is now, with all subflow runs in it; events may still be applied.</summary>
    internal FlowState Look()
    {
        FoldSubflows(Start.Step);
        _copied = null; // what is handed out is not written any more
        return Start.With(Current(Start.Identity), (State[])States.Clone(), Settled);
    }

    private void NoteChange(int task)
    {
        (_changed ??= new(States.Length)).Add(task);
        Changes++;
    }

    // What was changed in subflow runs becomes part of their tasks' states.
    private void FoldSubflows(int step)
    {
        foreach (var subflow in _subflows ?? [])
        {
            var (task, child) = subflow.Key;
            if (subflow.Value.ToState(subflow.Value.Start.Identity with { Step = step }) is var inner && ReferenceEquals(inner, subflow.Value.Start))
                continue;
            var state = StateOf(task, child)!.ChangeSubflow(inner);
            if (child is { } index)
                OwnChildren(task)[index] = state;
            else
                States[task] = state;
            NoteChange(task);
        }

        _subflows = null;
    }

    // Of a mapped task its children change. The history has each change; the record has the request alone.
    private void ChangeAll(Func<State, State> change, Func<FlowState, FlowState, FlowState>? follow = null)
    {
        var before = Look();
        var after = before.Change((task, child, state) =>
        {
            var changed = change(state);
            if (!ReferenceEquals(state, changed))
                Change(task, child, state, changed);
            return changed;
        }, (_, subflow) => subflow.Change((_, state) => change(state)));
        after = follow?.Invoke(before, after) ?? after;
        for (var task = 0; task < States.Length; task++)
        {
            if (!ReferenceEquals(before.States[task], after.States[task]))
                Apply(new(this, Flow.Plan.Tasks[task], Child: null, before.States[task], after.States[task], TaskEventKind.Settled));
        }
    }

    // The event that a task has is no other's.
    private void Drop(string taken) => Control = Control.Without(taken);

    // Whether children of a task are too many is for the whole run to say, which a document holds with all subflow runs in it. It is counted where what was asked
    // for since the last count would be too much.
    private bool HasRoomFor(FlowTask task, int children)
    {
        var root = Root;
        var more = (children - (States[task.Index].Children?.Length ?? 0)) * (long)FlowSize.Of(task);
        if (root._size is not { } size || size + more > Limits.MaxTasks)
            root._size = size = FlowSize.Of(root.Flow) + root.CountMapped();
        if (size + more > Limits.MaxTasks)
            return false;
        root._size = size + Math.Max(more, 0);
        return true;
    }

    private long CountMapped() => CountMapped(Flow.Plan, States, (task, child) => _subflows?.TryGetValue((task, child), out var open) == true ? open : null);

    // What the children of mapped tasks come to, at any depth.
    private static long CountMapped(FlowPlan plan, State[] states, Func<int, int?, RunStates?> openOf)
    {
        var count = 0L;
        foreach (var task in plan.Tasks)
        {
            var children = states[task.Index].Children;
            if (children is not null)
                count += children.Length * (long)FlowSize.Of(task);
            if (task.Subflow is null)
                continue;
            if (children is null)
                count += CountInside(null, states[task.Index]);
            for (var child = 0; child < children?.Length; child++)
                count += CountInside(child, children[child]);

            long CountInside(int? child, State state) =>
                openOf(task.Index, child) is { } open ? open.CountMapped() : state.SubflowRun is { } run ? CountMapped(run.Flow.Plan, run.States, (_, _) => null) : 0;
        }

        return count;
    }

    private void Tell(in TaskEvent taskEvent)
    {
        _recorder?.Record(taskEvent);
        _log?.Add(taskEvent);
    }

    // The array of children is copied once, when the first of them changes, and then written in place.
    private State[] OwnChildren(int task)
    {
        if ((_copied ??= []).Add(task))
            States[task] = States[task] with { Children = [.. States[task].Children!] };
        return States[task].Children!;
    }

    private void CloseSubflows(int task)
    {
        if (_subflows is null)
            return;
        foreach (var inside in _subflows.Keys.Where(key => key.Task == task).ToArray())
            _subflows.Remove(inside);
    }
}
