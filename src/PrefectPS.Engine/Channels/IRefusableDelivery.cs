namespace PrefectPS.Channels;

/// <summary>A delivery whose sender waits for an answer, and can be told that the message will never be accepted.</summary>
public interface IRefusableDelivery : IDelivery
{
    /// <summary>Refuses the message for good, and completes it.</summary>
    void Refuse();
}
