namespace PrefectPS.Channels;

/// <summary>A delivery whose sender waits for a response.</summary>
internal interface IRefusableDelivery : IDelivery
{
    /// <summary>Rejects the message for good, and ends it.</summary>
    void Refuse();
}
