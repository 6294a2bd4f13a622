namespace PrefectPS.Flows;

/// <summary>Who is told of a flow's runs, and of what.</summary>
/// <param name="Notifier">Tells.</param>
/// <param name="On">Of what.</param>
public sealed record RunNotification(IRunNotifier Notifier, IReadOnlyCollection<NotifyReason> On)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Tells of a run, again after a pause where that fails, and never fails itself.</summary>
    /// <exception cref="StepStoppedException">The step is being stopped.</exception>
    internal void Tell(FlowState run, NotifyReason reason)
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

    /// <summary>What is to be told of a run after something has become of it; null for nothing, and for what nobody wants to be told.</summary>
    /// <param name="before">The run as it was; null where it begins.</param>
    /// <param name="after">The run as it is now.</param>
    internal NotifyReason? DueAfter(FlowState? before, FlowState after) => NotificationRule.Of(before, after) is { } reason && On.Contains(reason) ? reason : null;
}
