namespace PrefectPS.Flows;

/// <summary>Notifications about the runs of a flow: who sends them, and when.</summary>
/// <param name="Notifier">Sends notifications.</param>
/// <param name="On">The reasons to notify.</param>
public sealed record RunNotification(IRunNotifier Notifier, IReadOnlyCollection<NotifyReason> On)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Sends a notification, with retries; a failed delivery never fails the caller.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped.</exception>
    public void Send(FlowState run, NotifyReason reason)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Notifier.Notify(run, reason);
                return;
            }
            catch (Exception e) when (e is not StepStoppedException)
            {
                if (attempt < Pauses.Length)
                {
                    run.Flow.Services.Sleep(Pauses[attempt], CancellationToken.None);
                    continue;
                }

                Notifier.GiveUp(FlowErrors.NotificationFailed(run, reason, e));
                return;
            }
        }
    }

    /// <summary>Reason to notify after a change of a run; null if there is none or it is not among the chosen ones.</summary>
    /// <param name="before">The run before the change; null for a new run.</param>
    /// <param name="after">The run after the change.</param>
    internal NotifyReason? DueAfter(FlowState? before, FlowState after) => NotificationRule.Of(before, after) is { } reason && On.Contains(reason) ? reason : null;
}
