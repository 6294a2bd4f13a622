using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Gives the tasks of a run the events that they wait for.</summary>
internal sealed class EventDelivery(RunStates states, RunIdentity run, StepContext step)
{
    /// <summary>What becomes of a task that needs an event: it takes the oldest one of its name, or waits. One that its body cannot take is refused for good.</summary>
    /// <returns>The state that the task changes to; null where it waits as before.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: its event's name cannot be made.</exception>
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

    // On record and in the history, so that whoever sent it finds out why the task waits on.
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
