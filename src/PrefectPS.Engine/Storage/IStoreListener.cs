namespace PrefectPS.Storage;

/// <summary>Receives notices of stores while a caller waits for them.</summary>
internal interface IStoreListener
{
    /// <summary>Receives a notice, on any thread.</summary>
    void Hear(string notice);

    /// <summary>Forwards received notices. Called periodically on the waiting thread.</summary>
    void Speak();
}
