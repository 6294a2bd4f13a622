namespace PrefectPS.Cluster;

/// <summary>Receives the output and outcome of a body, in order, from any thread.</summary>
public interface IBodySink
{
    /// <summary>Called for each piece of output.</summary>
    void Write(byte[] content);

    /// <summary>Called once, when the body has ended.</summary>
    void End(BodyReport report);
}
