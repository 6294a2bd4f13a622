using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Dispatches assigned bodies to their workers; a body that is not accepted is queued again.</summary>
/// <param name="connection">The connection to the cluster.</param>
/// <param name="assignments">The assignments.</param>
/// <param name="requeue">Queues a body again for any worker.</param>
/// <param name="log">Receives diagnostics, from any thread.</param>
/// <param name="stop">Cancelled when the step ends.</param>
internal sealed class BodySender(ClusterConnection connection, Assignments assignments, Action<RemoteBody> requeue, Action<string> log, CancellationToken stop)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    /// <summary>Dispatches a body, or adopts it where its worker has it already.</summary>
    public Task DispatchAsync(Assignment assignment) => assignment.IsClaimed ? AdoptAsync(assignment) : SendAsync(assignment);

    // The request may have arrived though the reply was lost: the same dispatch id is sent until there is a reply or the worker is gone.
    private async Task SendAsync(Assignment assignment)
    {
        var (body, link, dispatchId, _) = assignment;
        var item = body.Item with { DispatchId = dispatchId, Alone = body.IsAlone, MayWait = link.IsQuick && !body.IsAlone };
        while (!stop.IsCancellationRequested && assignments.Has(body, dispatchId))
        {
            try
            {
                Settle(assignment, await connection.Router.Dispatch(link.Silo, item, connection.Self));
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log($"Worker {link} does not answer: {ClusterErrors.Innermost(e)}");
                await Task.Delay(Rest);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private void Settle(Assignment assignment, DispatchReply answer)
    {
        if (answer.Kind == DispatchOutcome.Accepted)
            Begin(assignment);
        else if (answer.Kind == DispatchOutcome.Queued)
            StopWhereUnwanted(assignment); // the worker reports when it starts
        else if (assignments.TryUnassign(assignment, link => Note(link, answer)))
            Requeue(assignment.Body);
    }

    private void Begin(Assignment assignment)
    {
        if (!assignments.Has(assignment.Body, assignment.DispatchId))
            return; // ended or evicted meanwhile
        assignment.Body.Begin();
        StopWhereUnwanted(assignment);
    }

    private void StopWhereUnwanted(Assignment assignment)
    {
        if (assignment.Body.IsStopping)
            _ = connection.TryAsync(router => router.Stop(assignment.Link.Silo, assignment.DispatchId));
    }

    private static void Note(WorkerLink link, DispatchReply answer)
    {
        if (answer.Kind == DispatchOutcome.Full)
            link.MarkFull();
        else
            link.Refusal = $"{link} refuses it: {answer.Reason}";
    }

    private async Task AdoptAsync(Assignment assignment)
    {
        var (body, link, dispatchId, _) = assignment;
        var has = false;
        await connection.TryAsync(async router => has = await router.Adopt(link.Silo, dispatchId, connection.Self));
        if (has)
        {
            body.IsAlone = false; // the earlier step did not dispatch it so
            log($"Worker {link} has '{body.Item.Label}' from an earlier step: its outcome will be used.");
            Begin(assignment);
        }
        else if (assignments.TryUnassign(assignment))
        {
            Requeue(body);
        }
    }

    private void Requeue(RemoteBody body)
    {
        if (body.IsStopping)
            body.End(BodyEnd.Stopped, content: null);
        else
            requeue(body);
    }
}
