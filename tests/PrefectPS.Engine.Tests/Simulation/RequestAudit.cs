using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Checks the control requests of a run after a schedule.</summary>
/// <param name="world">The simulation.</param>
/// <param name="runId">The run id.</param>
/// <param name="isRemoved">Whether the run of an operation may have been removed.</param>
/// <param name="report">Reports a violated promise.</param>
internal sealed class RequestAudit(SimulatedWorld world, string runId, Func<Operation, bool> isRemoved, Action<Promise, string> report)
{
    private IEnumerable<Operation> Requests => world.Operations.Where(operation => operation.Kind == OperationKind.Request && operation.RunId == runId && !isRemoved(operation));

    /// <summary>Checks the run as the processes left it.</summary>
    public void Check(FlowState run)
    {
        string[] known = [.. run.Identity.Control.Known.Select(request => request.Id)];
        foreach (var twice in known.GroupBy(id => id).Where(same => same.Count() > 1))
            report(Promise.RequestsAreAppliedOnce, $"request {twice.Key} was applied {twice.Count()} times");
        foreach (var request in Requests.Where(request => request.IsClosed && !known.Contains(request.Request!.Id)))
            report(Promise.RequestsAreAppliedOnce, $"{request} ended well, and is not on record");
        foreach (var sender in Requests.Where(request => request.IsClosed || request.IsPending).GroupBy(request => request.Process))
        {
            int[] order = [.. sender.OrderBy(request => request.Began).Select(request => Array.IndexOf(known, request.Request!.Id)).Where(index => index >= 0)];
            if (!order.SequenceEqual(order.Order()))
                report(Promise.SendersOrderIsKept, $"the requests of {sender.Key.Name} were applied in another order: {string.Join(',', order)}");
        }

        CheckMarks(run, known);
        foreach (var request in Requests.Where(request => request.Request is { Kind: RequestKind.Event } sent && known.Contains(sent.Id)))
        {
            var kept = run.Identity.Control.Events.Count(sent => sent.Id == request.Request!.Id);
            var taken = run.States.Count(state => state.Event?.Id == request.Request!.Id);
            if (kept + taken != 1)
                report(Promise.EventsAreTakenOnce, $"the event of {request} is kept {kept} times, and {taken} tasks have it");
        }
    }

    /// <summary>Checks the run after one more step, which applies everything left in the inbox.</summary>
    public void CheckAllApplied(FlowState run)
    {
        foreach (var request in Requests.Where(request => request.IsPending && !run.Identity.Control.Knows(request.Request!.Id)))
            report(Promise.RequestsAreAppliedOnce, $"{request} was left to be applied, and is lost");
        if (world.Store.Paths.FirstOrDefault(path => path.Contains($"/{runId}/", StringComparison.Ordinal) && IsOfThisRun(path)) is { } left)
            report(Promise.RequestsAreAppliedOnce, $"{left} is left after a step that could apply it");
    }

    private bool IsOfThisRun(string path) =>
        path.Contains("/inbox/", StringComparison.Ordinal) && path.Contains($"/{world.Store.IncarnationOf(runId)}/", StringComparison.Ordinal);

    private void CheckMarks(FlowState run, string[] known)
    {
        foreach (var request in Requests.Where(request => request.IsClosed && request.Run is { } then && (then.IsStopped || then.IsSuspended)))
        {
            var isLifted = known.SkipWhile(id => id != request.Request!.Id).Skip(1)
                .Any(id => Requests.Any(other => other.Request!.Id == id && other.Request.Kind is RequestKind.Resume or RequestKind.Edit));
            if (isLifted)
                continue;
            if (!run.IsStopped && !(run.IsSuspended && request.Run!.IsSuspended))
                report(Promise.MarksStand, $"{request} left the run {request.Run}; it is {run}");
            if (world.Executions.FirstOrDefault(execution => execution.Step.RunId == runId && execution.Step.Opened > request.Ended) is { } late)
                report(Promise.MarksStand, $"{late.Step} ran {late.Task} after {request} had left the run {request.Run}");
        }
    }
}
