using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Delivers events to the waiting tasks of a run.</summary>
internal sealed class EventDelivery(RunStates states, RunIdentity run, StepContext step)
{
    /// <summary>Delivers the oldest matching event to a task, or makes it wait. An event that the body cannot accept is refused permanently.</summary>
    /// <returns>The task's new state; null if it keeps waiting as before.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the event's name cannot be rendered.</exception>
    public State? Deliver(TaskRun task)
    {
        var wait = task.State.Event ?? new(NameOf(task)) { Until = task.Task.Event!.Timeout is { } timeout ? step.Clock.Now.Plus(timeout) : null };
        foreach (var sent in states.View.Events.Where(sent => sent.IsNamed(wait.Name)))
        {
            if (FaultIn(task, sent) is not { } fault)
                return task.State.Receive(wait with { Id = sent.Id, By = sent.By, Payload = sent.Payload }, task.Attempt, task.IsResumed);
            Refuse(task, sent, fault);
        }

        return task.State is { Event: not null, Type: StateType.Paused } ? null : task.State.Await(wait, task.Attempt, task.IsResumed);
    }

    private string NameOf(TaskRun task)
    {
        var name = task.Task.EventName!.RenderName(new(task.Task, run, task.ArgumentsIn(run, states.View), task.ContextIn(run, step.Clock)));
        return DefinedName.FaultIn(name) is { } fault ? throw FlowErrors.TaskInvalid(task.Slug, $"the name of its event {fault}") : name;
    }

    private static string? FaultIn(TaskRun task, RunEvent sent)
    {
        try
        {
            var faults = task.Task.Event!.Check?.FaultsIn(EventPayload.Read(sent.Payload, task.Task.Flow.Services.Values)) ?? [];
            return faults.Count == 0 ? null : string.Join(" ", faults.Select(fault => $"{fault.Parameter}: {fault.Fault}"));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.EventInvalid)
        {
            return e.Message;
        }
    }

    // Recorded and in the history, so that the sender can find out why the task is still waiting.
    private void Refuse(TaskRun task, RunEvent sent, string fault)
    {
        var reason = task.Secrets?.HideIn(task, fault) ?? fault;
        states.Root.Take(new(
            new($"{sent.Id}.refused", RequestKind.Refuse, states.Path + task.Slug, step.Clock.Now) { Reason = reason, Event = new(sent.Name, null), Refused = sent.Id },
            IsVoid: false,
            []));
        step.Notices.Warn($"Task '{states.Path}{task.Slug}' cannot accept the event '{sent.Name}' from {sent.By}, and still waits: {reason}");
    }
}
