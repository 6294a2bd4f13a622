using Azure.Storage.Blobs;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Azurite: Azure's blobs, queues and tables, in memory.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    /// <summary>The account's name, which is everyone's.</summary>
    public const string Account = "devstoreaccount1";

    /// <summary>The account's key, which is everyone's.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly NodePackages Packages = new("tests/emulators");

    private readonly NodeServer _server;

    private Azurite(NodeServer server, int blobPort, int queuePort, int tablePort)
    {
        _server = server;
        BlobEndpoint = new($"http://127.0.0.1:{blobPort}/{Account}");
        QueueEndpoint = new($"http://127.0.0.1:{queuePort}/{Account}");
        TableEndpoint = new($"http://127.0.0.1:{tablePort}/{Account}");
    }

    /// <summary>Where the blobs are, with the account.</summary>
    public Uri BlobEndpoint { get; }

    /// <summary>Where the queues are, with the account.</summary>
    public Uri QueueEndpoint { get; }

    /// <summary>Where the tables are, with the account.</summary>
    public Uri TableEndpoint { get; }

    /// <summary>The connection string with all rights, for clients and, as <c>AZURE_STORAGE_CONNECTION_STRING</c>, child processes.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    public static async Task<Azurite> StartAsync()
    {
        var (server, ports) = await NodeServer.StartAsync(await Packages.InstallAsync(), "azurite.js", ports: 3, ports =>
        [
            "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence",
            "--blobHost", "127.0.0.1", "--blobPort", $"{ports[0]}",
            "--queueHost", "127.0.0.1", "--queuePort", $"{ports[1]}",
            "--tableHost", "127.0.0.1", "--tablePort", $"{ports[2]}",
        ]);
        return new(server, ports[0], ports[1], ports[2]);
    }

    /// <summary>A new container that no other test uses.</summary>
    /// <returns>Its address, which a store takes together with the connection string or the key.</returns>
    public async Task<string> CreateContainerAsync()
    {
        var name = $"c{Guid.NewGuid():n}";
        await new BlobServiceClient(ConnectionString).CreateBlobContainerAsync(name);
        return $"azblob://{Account}/{name}";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
