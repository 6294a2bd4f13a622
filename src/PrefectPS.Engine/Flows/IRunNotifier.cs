namespace PrefectPS.Flows;

/// <summary>Tells somebody of a run.</summary>
public interface IRunNotifier
{
    /// <summary>Tells of it; an exception means that nobody was told.</summary>
    /// <param name="run">The run as it is now.</param>
    /// <param name="reason">What it is about.</param>
    void Notify(FlowState run, NotifyReason reason);

    /// <summary>Is told that nobody was told, however often it was tried; the run is as it is.</summary>
    void GiveUp(FlowException error);
}
