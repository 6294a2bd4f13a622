namespace PrefectPS.Google;

/// <summary>A Google service.</summary>
/// <param name="PublicEndpoint">The public endpoint.</param>
/// <param name="Scope">The OAuth scope.</param>
/// <param name="EmulatorVariable">The environment variable with an emulator's host.</param>
internal sealed record GoogleService(string PublicEndpoint, string Scope, string EmulatorVariable)
{
    private const string SchemeMark = "://";

    /// <summary>Resolves the endpoint: the given one, else an emulator's, else the public one. Ends with a slash.</summary>
    public string EndpointOf(Uri? given) => (given?.AbsoluteUri ?? EmulatorEndpoint() ?? PublicEndpoint).TrimEnd('/') + "/";

    private string? EmulatorEndpoint() =>
        Environment.GetEnvironmentVariable(EmulatorVariable) is not { Length: > 0 } host ? null
        : host.Contains(SchemeMark) ? host
        : $"http://{host}";
}
