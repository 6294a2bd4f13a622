namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The Firebase storage emulator: Google Cloud Storage without preconditions, and every bucket is there.</summary>
internal sealed class FirebaseStorage : IAsyncDisposable
{
    private static readonly NodePackages Packages = new("tests/emulators");

    private readonly NodeServer _server;

    private FirebaseStorage(NodeServer server, int port)
    {
        _server = server;
        Endpoint = new($"http://127.0.0.1:{port}");
    }

    /// <summary>Where it is, which a child process takes from <c>STORAGE_EMULATOR_HOST</c>.</summary>
    public Uri Endpoint { get; }

    public static async Task<FirebaseStorage> StartAsync()
    {
        var (server, ports) = await NodeServer.StartAsync(await Packages.InstallAsync(), "firebase-storage.js", ports: 1, ports => [$"{ports[0]}"]);
        return new(server, ports[0]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
