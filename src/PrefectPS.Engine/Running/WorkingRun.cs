using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A run while a step works on it: its states as they are by now.</summary>
internal sealed class WorkingRun
{
    private readonly FlowState _given;
    private readonly RunInfo _run;
    private readonly StateHandlers _handlers;
    private readonly StepClock _clock;
    private readonly IStepNotices _notices;
    private readonly UpstreamStates _upstream;
    private IRunRecorder? _recorder;
    private HashSet<int>? _owned; // mapped tasks whose array of children this step has made its own

    /// <param name="given">The run as it was left.</param>
    /// <param name="run">Which run it is, in this step.</param>
    /// <param name="step">The step.</param>
    /// <param name="results">Where its results go; null where they stay in its states.</param>
    /// <param name="recorder">Takes down what becomes of its tasks; null where nobody wants it.</param>
    public WorkingRun(FlowState given, RunInfo run, StepContext step, ResultStore? results, IRunRecorder? recorder)
    {
        _given = given;
        _run = run;
        _clock = step.Clock;
        _notices = step.Notices;
        Plan = given.Flow.Freeze();
        States = (State[])given.States.Clone();
        _recorder = recorder;
        _upstream = new(Plan, States);
        _handlers = new(given.Flow.StateHandlers, run, new(_upstream, run)) { Recorder = recorder };
        Pipeline = new(_upstream, run, step, results, _handlers);
    }

    public FlowPlan Plan { get; }

    /// <summary>The states, by the tasks' index; to be changed by <see cref="Set"/> and <see cref="SetChild"/> only.</summary>
    public State[] States { get; }

    public TaskPipeline Pipeline { get; }

    /// <summary>Whether it is run again for its result, which was not kept: its tasks count in no budget.</summary>
    public bool IsRerun { get; private set; }

    /// <summary>How often a state has changed.</summary>
    public int Changes { get; private set; }

    /// <summary>The run as it is now; the given one where nothing has changed.</summary>
    public FlowState ToState() => Changes > 0 ? new(_given.Flow, _run, States) : _given;

    /// <summary>Whether there may be something to do for a task. A mapped task whose children a document did not name has to be mapped again.</summary>
    public bool IsToRun(int task) =>
        !States[task].IsFinished || (Plan.Tasks[task].IsMapped && States[task] is { Type: StateType.Mapped, Children: null });

    /// <summary>Takes the children from a task whose inputs are another list by now, so that it is mapped again.</summary>
    public void MapAgain(int task)
    {
        if (Pipeline.HasOthersChildren(task))
            Set(task, State.NotRun with { IsRepeat = true });
    }

    public void Set(int task, State state)
    {
        if (ReferenceEquals(States[task], state))
            return;
        Changes++;
        States[task] = state;
        _upstream.Changed(task);
        _recorder?.Settled(Plan.Tasks[task], child: null, state);
    }

    /// <summary>Takes down a state that a task or child does not stay in: it goes on at once.</summary>
    public void Pass(int task, int? child, State state) => _recorder?.Settled(Plan.Tasks[task], child, state);

    /// <summary>Changes a child of a mapped task. Their array is copied once, when the first of them changes, and then written in place.</summary>
    public void SetChild(int task, int child, State state)
    {
        var children = States[task].Children!;
        if (ReferenceEquals(children[child], state))
            return;
        if ((_owned ??= []).Add(task))
            States[task] = States[task] with { Children = children = (State[])children.Clone() };
        children[child] = state;
        _upstream.Changed(task);
        Changes++;
        _recorder?.Settled(Plan.Tasks[task], child, state);
    }

    /// <summary>Makes the tasks that its result comes from run again, where theirs were not kept.</summary>
    public void RunLostAgain()
    {
        IsRerun = true;
        for (var task = 0; task < States.Length; task++)
        {
            if (!Plan.IsReference[task] || !States[task].IsResultLost)
                continue;
            for (var child = 0; child < States[task].Children?.Length; child++)
            {
                if (States[task].Children![child].IsResultLost)
                    SetChild(task, child, States[task].Children![child].Again());
            }

            if (States[task].Children is null)
                Set(task, States[task].Again());
        }
    }

    /// <summary>What was stopped at the step's deadline is due again; a child or a loop is as far as it was.</summary>
    public void TakeBackCutShort()
    {
        foreach (var task in Plan.Order)
        {
            var (state, given) = (States[task], _given.States[task]);
            if (WasStarted(state, given))
                TakeBack(task, child: null, state);
            for (var i = 0; i < state.Children?.Length; i++)
            {
                if (WasStarted(state.Children[i], given.Children?.ElementAtOrDefault(i)))
                    TakeBack(task, i, state.Children[i]);
            }
        }
    }

    /// <summary>Cancels what has not been started. What waits for its time, its approval or its next attempt is progress; it stays what it is.</summary>
    public void CancelNotStarted()
    {
        _handlers.Recorder = _recorder = null; // from here on nothing is progress
        foreach (var task in Plan.Order)
        {
            var state = States[task];
            if (state.IsProgress || (state.Type != StateType.Pending && (state.Type != StateType.Scheduled || state.IsDueAfter(_clock.Now))))
                continue;
            var run = new TaskRun(Plan.Tasks[task], state);
            Set(task, _handlers.Change(run, State.CancelledByBudget with { RunCount = state.RunCount, IsResumed = state.IsResumed, IsRepeat = state.IsRepeat }) ?? run.State);
        }
    }

    /// <summary>Tells those who want to know, where the run has ended Failed in this step.</summary>
    public void TellOfFailure(FlowState after)
    {
        var handlers = after.Flow.FailureHandlers;
        if (handlers.Count == 0 || ReferenceEquals(after, _given) || after.State != StateType.Failed)
            return;
        foreach (var handler in handlers)
        {
            try
            {
                handler.Failed(after);
            }
            catch (Exception e) when (e is not StepStoppedException)
            {
                _notices.Report(FlowErrors.RunHandlerFailed(after, e));
            }
        }
    }

    private void TakeBack(int task, int? child, State running)
    {
        var due = NotRunAgain(running);
        _recorder?.Changed(Plan.Tasks[task], child, running, due);
        if (child is { } index)
            SetChild(task, index, due);
        else
            Set(task, due);
    }

    // One that was given as Running, and has not been started, is as it was.
    private static bool WasStarted(State state, State? given) => state.Type == StateType.Running && !ReferenceEquals(state, given);

    private static State NotRunAgain(State running) =>
        State.NotRun with { RunCount = running.RunCount, LoopCount = running.LoopCount, LoopResult = running.LoopResult, IsResumed = running.IsResumed,
            IsRepeat = running.IsRepeat };
}
