using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Brings bodies to the workers that they are assigned to. What is not taken there waits again.</summary>
/// <param name="contact">The way to the workers.</param>
/// <param name="assignments">Which body is to go where.</param>
/// <param name="sendAgain">Has a body sent to whichever worker has a place.</param>
/// <param name="tell">Takes what is of interest to who looks for a fault; called from any thread.</param>
/// <param name="stop">Cancelled when the step ends.</param>
internal sealed class BodySender(ClusterContact contact, Assignments assignments, Action<RemoteBody> sendAgain, Action<string> tell, CancellationToken stop)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    /// <summary>Brings a body to its worker.</summary>
    public Task BringAsync(Assignment assignment) => assignment.IsClaimed ? AdoptAsync(assignment) : SendAsync(assignment);

    // It may have been taken though no answer came: then the same is sent once more, until there is one, or the worker is gone.
    private async Task SendAsync(Assignment assignment)
    {
        var (body, link, delivery, _) = assignment;
        var item = body.Item with { Delivery = delivery, Alone = body.IsAlone, MayWait = link.IsQuick && !body.IsAlone };
        while (!stop.IsCancellationRequested && assignments.Has(body, delivery))
        {
            try
            {
                Settle(assignment, await contact.Gate.Take(link.Silo, item, contact.Self));
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                tell($"Worker {link} does not answer: {ClusterErrors.Innermost(e)}");
                await Task.Delay(Rest);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private void Settle(Assignment assignment, Answer answer)
    {
        if (answer.Kind == AnswerKind.Taken)
            Begin(assignment);
        else if (answer.Kind == AnswerKind.Waits)
            StopWhereUnwanted(assignment); // that it begins is told
        else if (assignments.TryTakeBack(assignment, link => Note(link, answer)))
            WaitAgain(assignment.Body);
    }

    private void Begin(Assignment assignment)
    {
        if (!assignments.Has(assignment.Body, assignment.Delivery))
            return; // it has ended there by now, or was given back
        assignment.Body.Begin();
        StopWhereUnwanted(assignment);
    }

    private void StopWhereUnwanted(Assignment assignment)
    {
        if (assignment.Body.IsStopping)
            _ = contact.TryAsync(gate => gate.Stop(assignment.Link.Silo, assignment.Delivery));
    }

    private static void Note(WorkerLink link, Answer answer)
    {
        if (answer.Kind == AnswerKind.Full)
            link.SetFull();
        else
            link.Refusal = $"{link} refuses it: {answer.Reason}";
    }

    private async Task AdoptAsync(Assignment assignment)
    {
        var (body, link, delivery, _) = assignment;
        var has = false;
        await contact.TryAsync(async gate => has = await gate.Adopt(link.Silo, delivery, contact.Self));
        if (has)
        {
            body.IsAlone = false; // it was not sent so
            tell($"Worker {link} has '{body.Item.Label}' from an earlier step: its outcome will be used.");
            Begin(assignment);
        }
        else if (assignments.TryTakeBack(assignment))
        {
            WaitAgain(body);
        }
    }

    private void WaitAgain(RemoteBody body)
    {
        if (body.IsStopping)
            body.End(BodyEnd.Stopped, content: null);
        else
            sendAgain(body);
    }
}
