namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Faults of a request, in transit or at the service.</summary>
internal abstract record HttpMishap
{
    /// <summary>No fault.</summary>
    public sealed record None : HttpMishap;

    /// <summary>The service responds with an error status, without effect.</summary>
    public sealed record Answer(int Status) : HttpMishap;

    /// <summary>The service responds with success and a meaningless body.</summary>
    public sealed record Nonsense : HttpMishap;

    /// <summary>The connection breaks before any effect.</summary>
    public sealed record Broken : HttpMishap;

    /// <summary>The connection breaks after half of the request's content, which the service keeps.</summary>
    public sealed record HalfRequest : HttpMishap;

    /// <summary>The connection breaks after the effect.</summary>
    public sealed record LostAnswer : HttpMishap;

    /// <summary>The connection breaks after half of the response's content.</summary>
    public sealed record HalfAnswer : HttpMishap;

    /// <summary>The service never responds.</summary>
    public sealed record Silence : HttpMishap;
}
