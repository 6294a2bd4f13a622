namespace PrefectPS.Cluster;

/// <summary>Takes what a body in this process writes, and what comes of it, for the one who has asked for it. Called from any thread, in order.</summary>
public interface IBodySink
{
    /// <summary>The body has written something.</summary>
    void Write(byte[] content);

    /// <summary>The body has ended.</summary>
    void End(BodyReport report);
}
