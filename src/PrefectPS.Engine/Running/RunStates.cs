using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Mutable states of a run and its subflow runs. Events are the only way to change a state, whether a step decides them or a journal is replayed.</summary>
public sealed class RunStates : IUndoStates
{
    private readonly IRunRecorder? _recorder;
    private readonly ITransitionLog? _log;
    private long? _size; // number of tasks in the root run, subflows included: an upper bound
    private TaskSet? _changed; // tasks whose states differ from the start
    private (int Changes, SettledTasks Tasks)? _settled; // cached, with the number of changes it was computed at
    private HashSet<int>? _copied; // mapped tasks whose array of children was copied and may be written
    private Dictionary<(int Task, int? Child), RunStates>? _subflows; // opened subflow runs

    /// <summary>Begins with a run as the last step left it.</summary>
    /// <param name="start">The run.</param>
    /// <param name="recorder">Records each event; null if nothing is recorded.</param>
    /// <param name="log">Receives each event; null if none.</param>
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

    /// <summary>The run before the first event.</summary>
    internal FlowState Start { get; }

    /// <summary>The flow.</summary>
    internal Flow Flow => Start.Flow;

    /// <summary>The selected tasks; null for all.</summary>
    internal RunSelection? Selection { get; private set; }

    /// <summary>Start of the run.</summary>
    internal DateTimeOffset Started => Start.StartTime;

    /// <summary>The store of results; null if they are in the states.</summary>
    internal ResultStore? Results { get; }

    /// <summary>The states as downstream tasks see them.</summary>
    internal RunStateView View { get; }

    /// <summary>States by task index; changed by <see cref="Apply"/> only.</summary>
    public State[] States => View.States;

    /// <summary>Applied control requests; changed by <see cref="Take"/>, and by events that tasks take.</summary>
    internal RunControl Control
    {
        get;
        private set => View.Keep((field = value).Events);
    }

    /// <summary>Deadline of the run; null if none.</summary>
    internal DateTimeOffset? Deadline => Control.DeadlineOf(Flow, Started);

    /// <summary>The tasks that have ended for good.</summary>
    internal SettledTasks Settled
    {
        get
        {
            if (_settled?.Changes != Changes)
                _settled = (Changes, _changed is null ? Start.Settled : Start.Settled.After(Flow.Plan, Start.States, States, _changed));
            return _settled.Value.Tasks;
        }
    }

    /// <summary>Number of events that changed a state.</summary>
    internal int Changes { get; private set; }

    FlowPlan IUndoStates.Plan => View.Plan;

    IUndoStates? IUndoStates.Inside(FlowTask task, int? child) => SubflowOf(task, child);

    /// <summary>The task and child whose subflow run this is; null for the run itself.</summary>
    internal (RunStates Run, FlowTask Task, int? Child)? Owner { get; }

    /// <summary>Path prefix of the tasks: that of the subflow.</summary>
    internal string Path { get; private init; } = string.Empty;

    /// <summary>The root run, which receives control requests; itself if not nested.</summary>
    internal RunStates Root => Owner is { } owner ? owner.Run.Root : this;

    /// <summary>State of a task or child; null if there is no such child.</summary>
    internal State? StateOf(int task, int? child) =>
        child is not { } index ? States[task] : States[task].Children is { } children && index < children.Length ? children[index] : null;

    /// <summary>Changes the selected tasks, and records that.</summary>
    internal void Select(RunSelection? selection)
    {
        ApplySelection(selection);
        _recorder?.RecordSelection(selection);
    }

    /// <summary>The reducer for a change of the selection.</summary>
    internal void ApplySelection(RunSelection? selection)
    {
        Selection = selection;
        Changes++;
    }

    /// <summary>Emits a transition, which need not lead to the state the task is left in.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Index of the child; null for the task itself.</param>
    /// <param name="from">The old state.</param>
    /// <param name="to">The new state.</param>
    /// <param name="isPoll">Whether it is a repeated poll.</param>
    internal void Change(FlowTask task, int? child, State from, State to, bool isPoll = false)
    {
        if (_recorder is not null || _log is not null)
            Emit(new(this, task, child, from, to, isPoll ? TaskEventKind.Polled : TaskEventKind.Changed));
    }

    /// <summary>Leaves a task or child in a state; does nothing if it is in that state already.</summary>
    internal void Settle(FlowTask task, int? child, State state, TaskEventKind kind = TaskEventKind.Settled)
    {
        state = state.LeaveOutPayload();
        if (StateOf(task.Index, child) is not { } from || ReferenceEquals(from, state))
            return;
        var settled = new TaskEvent(this, task, child, from, state, kind);
        Apply(settled);
        Emit(settled);
    }

    /// <summary>Records that the body of a task or child is about to run alone.</summary>
    internal void RunAlone(FlowTask task, int? child, TaskCrash crash)
    {
        if (StateOf(task.Index, child) is not { } from)
            return;
        var started = new TaskEvent(this, task, child, from, from.RunAlone(crash), TaskEventKind.Settled);
        Apply(started);
        _recorder?.RecordStart(started);
    }

    /// <summary>Records the loss of the worker process that ran a body alone.</summary>
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

    /// <summary>
    /// Applies a control request. Its effect follows from the request alone, so that replay gives the same result; the tasks that an edit sets follow as
    /// events.
    /// </summary>
    internal void Take(AppliedRequest applied)
    {
        _recorder?.RecordRequest(applied);
        var (request, hold) = (applied.Request, Control.Hold);
        if (!applied.IsVoid)
        {
            hold = request.Kind switch
            {
                RequestKind.Stop or RequestKind.Suspend => new(request.Kind == RequestKind.Stop, request.By, request.At, request.Reason),
                RequestKind.Undo when request.IsSpecial => new(IsStop: true, request.By, request.At, request.Reason),
                RequestKind.Resume => null,
                RequestKind.Edit => hold is { IsStop: true } ? null : hold,
                _ => hold,
            };
            if (request.Kind == RequestKind.Stop || request is { Kind: RequestKind.Undo, IsSpecial: true })
                ChangeAll(state => state.Children is null && (!state.IsFinished || state.IsCancelledByBudget) ? state.Stop(hold!.Message) : state);
            else if (request.Kind == RequestKind.Resume && request.IsSpecial)
                ChangeAll(state => state.WasStopped ? state.Restart() : state, UndoneTasks.Follow);
        }

        Control = Control.Next(request.Id, applied.Tasks, hold);
        if (request is { Kind: RequestKind.Event, Event: { } sent } && !applied.IsVoid)
            Control = Control.With(new(request.Id, sent.Name, request.By, request.At, sent.Payload));
        else if (request is { Kind: RequestKind.Refuse, Refused: { } refused })
            Control = Control.Without(refused);
        else if (request.Kind == RequestKind.Edit && !applied.IsVoid)
            Control = Control.Edited(Flow, Started, request.At);
    }

    /// <summary>Adds a pending notification.</summary>
    internal void AddDue(NotifyReason due)
    {
        Control = Control.WithDue(due);
        _recorder?.RecordNotice(due);
    }

    /// <summary>Clears the pending notifications once they were sent.</summary>
    internal void ClearDue()
    {
        Control = Control with { Due = [] };
        _recorder?.RecordNotice(due: null);
    }

    /// <summary>The states of the subflow run of a task or child, for applying events; null if it has none.</summary>
    internal RunStates? SubflowOf(FlowTask task, int? child) =>
        _subflows?.TryGetValue((task.Index, child), out var open) == true ? open
        : StateOf(task.Index, child)?.SubflowRun is { } run ? OpenSubflow(task, child, run)
        : null;

    /// <summary>Opens the subflow run of a task or child for events.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Index of the child; null for the task itself.</param>
    /// <param name="run">The current subflow run.</param>
    internal RunStates OpenSubflow(FlowTask task, int? child, FlowState run) =>
        (_subflows ??= [])[(task.Index, child)] = new(run, run.Flow.Results ?? Results, _recorder, _log, (this, task, child))
        {
            Path = $"{Path}{ChildSlug.Of(task, child)}/",
        };

    /// <summary>The run after all events; the start itself if nothing changed. No events may be applied afterwards.</summary>
    /// <param name="run">The current identity.</param>
    internal FlowState ToState(RunIdentity run)
    {
        FoldSubflows(run.Step);
        return Changes > 0 ? Start.With(Current(run), States, Settled)
            : !ReferenceEquals(Control, Start.Identity.Control) ? Start.With(Current(Start.Identity), States)
            : Start;
    }

    private RunIdentity Current(RunIdentity run) =>
        ReferenceEquals(run.Selection, Selection) && ReferenceEquals(run.Control, Control) ? run : run with { Selection = Selection, Control = Control };

    /// <summary>Takes a snapshot of the run with all subflow runs; events may still be applied.</summary>
    internal FlowState Look()
    {
        FoldSubflows(Start.Step);
        _copied = null; // a snapshot must not change
        return Start.With(Current(Start.Identity), (State[])States.Clone(), Settled);
    }

    private void NoteChange(int task)
    {
        (_changed ??= new(States.Length)).Add(task);
        Changes++;
    }

    // Folds changes of subflow runs into their tasks' states.
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

    // Changes the children of a mapped task. The history gets each change; the record only the request.
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

    // An event is taken by one task only.
    private void Drop(string taken) => Control = Control.Without(taken);

    // The limit applies to the whole run, which one document holds. Recount only when the estimate since the last count would exceed it.
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

    // Number of mapped children with everything inside them.
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

    private void Emit(in TaskEvent taskEvent)
    {
        _recorder?.Record(taskEvent);
        _log?.Add(taskEvent);
    }

    // Copies the array of children on the first change, and then writes in place.
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
