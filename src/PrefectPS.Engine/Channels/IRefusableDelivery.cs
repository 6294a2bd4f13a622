namespace PrefectPS.Channels;

/// <summary>A delivery whose sender waits, and can be told that nobody will ever be able to do what the message asks for.</summary>
public interface IRefusableDelivery : IDelivery
{
    /// <summary>Tells the sender so, and ends the message.</summary>
    void Refuse();
}
