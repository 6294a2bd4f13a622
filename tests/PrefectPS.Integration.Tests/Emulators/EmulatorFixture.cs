[assembly: AssemblyFixture(typeof(PrefectPS.Integration.Tests.Emulators.EmulatorFixture))]

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>
/// The emulators of cloud services, and the servers of databases: each is started when a test first asks for it, and is there for all tests of this process until it ends.
/// A test class takes this in its constructor.
/// </summary>
/// <remarks>
/// Where an emulator is unavailable, its tests are skipped with the reason; with <c>PREFECTPS_REQUIRE_EMULATORS</c> set to 1 they fail.
/// </remarks>
public sealed class EmulatorFixture : IAsyncDisposable
{
    private readonly LazyEmulator<Azurite> _azurite = new(Azurite.StartAsync);
    private readonly LazyEmulator<FirebaseStorage> _firebaseStorage = new(FirebaseStorage.StartAsync);
    private readonly LazyEmulator<PubSubEmulator> _pubSub = new(PubSubEmulator.StartAsync);
    private readonly LazyEmulator<RedisServer> _redis = new(RedisServer.StartAsync);
    private readonly LazyEmulator<PostgreSqlServer> _postgreSql = new(PostgreSqlServer.StartAsync);

    /// <summary>Azure's blobs, queues and tables.</summary>
    internal Task<Azurite> AzuriteAsync() => _azurite.GetAsync();

    /// <summary>Google Cloud Storage.</summary>
    internal Task<FirebaseStorage> FirebaseStorageAsync() => _firebaseStorage.GetAsync();

    /// <summary>Google's Pub/Sub.</summary>
    internal Task<PubSubEmulator> PubSubAsync() => _pubSub.GetAsync();

    /// <summary>Redis, without a password.</summary>
    internal Task<RedisServer> RedisAsync() => _redis.GetAsync();

    /// <summary>PostgreSQL.</summary>
    internal Task<PostgreSqlServer> PostgreSqlAsync() => _postgreSql.GetAsync();

    public async ValueTask DisposeAsync()
    {
        await _azurite.DisposeAsync();
        await _firebaseStorage.DisposeAsync();
        await _pubSub.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgreSql.DisposeAsync();
    }
}
