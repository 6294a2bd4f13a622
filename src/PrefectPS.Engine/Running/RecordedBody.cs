using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>The body of a task of a run, to be run once more by itself: with the inputs, parameters and context that the run says. Nothing of it is kept.</summary>
public sealed class RecordedBody : IDisposable
{
    private readonly StepClock _clock;
    private readonly SecretKeeper _secrets;
    private readonly TaskRun _attempt;

    /// <param name="run">The run, or the run of a subflow, that the task is in.</param>
    /// <param name="path">The path of that subflow, with a slash behind it; empty for none.</param>
    /// <param name="task">The task, or a child of a mapped one.</param>
    /// <param name="notices">Told of secrets that are too short to be masked.</param>
    /// <param name="stop">Stops the body.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: it has no body of its own, or what its body needs is not there yet, or not any more.</exception>
    public RecordedBody(FlowState run, string path, FlowTaskState task, IStepNotices notices, CancellationToken stop)
    {
        var slug = path + task.Slug;
        if (task.Task.IsMapped && task.MapIndex is null)
            throw FlowErrors.ChildToDebugNotNamed(slug, task.Children.Count);
        if (task.Task.Subflow is { } subflow)
            throw FlowErrors.SubflowToDebug(slug, subflow);
        Task = task.Task;
        var view = new RunStateView(run.Flow.Plan, run.States);
        CheckInputs(view, task, slug);
        _clock = new(new StepBudget(), run.Flow.Services, stop);
        _secrets = new(view, run.Identity, notices, path);
        _attempt = new(Task, task.Inner, _clock, task.MapIndex) { Secrets = _secrets };
        Context = _attempt.ContextIn(run.Identity, _clock, stop);
        Arguments = _attempt.ArgumentsIn(run.Identity, view);
    }

    /// <summary>The task.</summary>
    public FlowTask Task { get; }

    /// <summary>What the body can know about where it runs: the attempt is the one that the run says, or the first.</summary>
    public FlowContext Context { get; }

    /// <summary>The values of its parameters.</summary>
    internal TaskArguments Arguments { get; }

    /// <summary>Runs it on this thread.</summary>
    /// <returns>What it returns.</returns>
    public object? Run() => Task.Body!.Run(Context, Arguments);

    /// <summary>What it says of itself, without the secrets that it was told.</summary>
    public string Hide(string text) => _secrets.HideIn(_attempt, text);

    /// <summary>The error that it ended by, without the secrets that it was told; itself where there are none in it.</summary>
    public TaskError Hide(TaskError error) => _secrets.Hide(_attempt, new State(StateType.Failed, error.Message) { Error = error }).Error is { } hidden && hidden != error
        ? hidden with { Exception = null, Record = null }
        : error;

    /// <inheritdoc/>
    public void Dispose() => _clock.Dispose();

    private static void CheckInputs(RunStateView view, FlowTaskState task, string slug)
    {
        if (task.Task.Event is { } wait && (task.Inner.Event is null or { IsWaiting: true } or { IsLeftOut: true }))
            throw FlowErrors.EventToDebugNotKept(slug, wait.Name, hasCome: task.Inner.Event is { IsWaiting: false });
        foreach (var input in view.Plan.Inputs[task.Task.Index])
        {
            var upstream = view.States[input];
            var name = view.Plan.Tasks[input].Slug;
            if (!upstream.IsFinished)
                throw FlowErrors.InputToDebugNotMade(slug, name, upstream.Type);
            if (view.IsLost(task.Task.Index, task.MapIndex, input) || view.IsUnknown(task.Task.Index, task.MapIndex, input))
                throw FlowErrors.InputToDebugNotKept(slug, name);
        }
    }
}
