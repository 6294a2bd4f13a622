namespace PrefectPS.Storage;

/// <summary>Someone who hears what stores say while they are waited for.</summary>
public interface IStoreListener
{
    /// <summary>Takes a notice, on any thread.</summary>
    void Hear(string notice);

    /// <summary>Passes on what was heard. Called now and then on the thread that waits.</summary>
    void Speak();
}
