namespace PrefectPS.Storage;

/// <summary>Receives the notices of stores and channels while a thread waits for them.</summary>
public interface IStoreListener
{
    /// <summary>Receives a notice, on any thread.</summary>
    void Hear(string notice);

    /// <summary>Passes the notices on. Called from time to time on the thread that waits.</summary>
    void Speak();
}
