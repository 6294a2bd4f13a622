namespace PrefectPS.Google;

/// <summary>A service of Google's.</summary>
/// <param name="PublicEndpoint">Its public address.</param>
/// <param name="Scope">What credentials for it are to be good for.</param>
/// <param name="EmulatorVariable">The environment variable that says where an emulator of it is.</param>
internal sealed record GoogleService(string PublicEndpoint, string Scope, string EmulatorVariable)
{
    private const string SchemeMark = "://";

    /// <summary>Its address: the one that is given, else an emulator's, else the public one. It ends in a slash.</summary>
    public string EndpointOf(Uri? given) => (given?.AbsoluteUri ?? EmulatorEndpoint() ?? PublicEndpoint).TrimEnd('/') + "/";

    private string? EmulatorEndpoint() =>
        Environment.GetEnvironmentVariable(EmulatorVariable) is not { Length: > 0 } host ? null
        : host.Contains(SchemeMark) ? host
        : $"http://{host}";
}
