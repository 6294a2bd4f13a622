namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>What can happen to a request, on its way or at the service.</summary>
internal abstract record HttpMishap
{
    /// <summary>Nothing happens to it.</summary>
    public sealed record None : HttpMishap;

    /// <summary>The service answers with a status, and does nothing.</summary>
    public sealed record Answer(int Status) : HttpMishap;

    /// <summary>The service answers that all is well, in words that mean nothing.</summary>
    public sealed record Nonsense : HttpMishap;

    /// <summary>The connection breaks before the service has done anything.</summary>
    public sealed record Broken : HttpMishap;

    /// <summary>The connection breaks after half of the request's content, of which the service keeps what it can.</summary>
    public sealed record HalfRequest : HttpMishap;

    /// <summary>The service does what it is asked for, and then the connection breaks.</summary>
    public sealed record LostAnswer : HttpMishap;

    /// <summary>The service does what it is asked for, and the connection breaks after half of the answer's content.</summary>
    public sealed record HalfAnswer : HttpMishap;

    /// <summary>The service never answers.</summary>
    public sealed record Silence : HttpMishap;
}
