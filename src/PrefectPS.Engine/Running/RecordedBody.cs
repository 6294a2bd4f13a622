using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A task's body, run once more for debugging with the run's inputs, parameters and context. Nothing is stored.</summary>
public sealed class RecordedBody : IDisposable
{
    private readonly StepClock _clock;
    private readonly SecretKeeper _secrets;
    private readonly TaskRun _attempt;

    /// <param name="run">The run or subflow run the task is in.</param>
    /// <param name="path">Path of that subflow with a trailing slash; empty if none.</param>
    /// <param name="task">The task or child.</param>
    /// <param name="notices">Receives warnings of secrets too short to mask.</param>
    /// <param name="stop">Stops the body.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the task has no body of its own, or an input is missing or was not kept.</exception>
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

    /// <summary>Execution context of the body: the attempt of the run, or the first.</summary>
    public FlowContext Context { get; }

    /// <summary>Argument values.</summary>
    internal TaskArguments Arguments { get; }

    /// <summary>Runs the body on this thread.</summary>
    /// <returns>The body's result.</returns>
    public object? Run() => Task.Body!.Run(Context, Arguments);

    /// <summary>Masks the body's secrets in a text.</summary>
    public string Hide(string text) => _secrets.HideIn(_attempt, text);

    /// <summary>Masks the body's secrets in an error; returns the same error if there are none.</summary>
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
