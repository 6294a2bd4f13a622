namespace PrefectPS.Flows;

/// <summary>Sends notifications about runs.</summary>
public interface IRunNotifier
{
    /// <summary>Sends a notification; throws if it was not delivered.</summary>
    /// <param name="run">The current run.</param>
    /// <param name="reason">Why it is sent.</param>
    void Notify(FlowState run, NotifyReason reason);

    /// <summary>Called when all attempts to deliver have failed; it does not change the run.</summary>
    void GiveUp(FlowException error);
}
