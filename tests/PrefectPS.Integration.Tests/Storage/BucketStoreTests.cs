using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>Against a server in this process that follows the documentation, and keeps what it has in files.</summary>
public sealed class BucketStoreTests : EngineStoreContract
{
    private CloudStorageServer _server = null!;
    private string _address = string.Empty;

    [Fact]
    public Task Memory_does_not_depend_on_the_size_of_an_object() => AssertStreamsAsync();

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async ValueTask<IFlowStore> CreateAsync()
    {
        _server = await CloudStorageServer.StartAsync();
        _address = $"{_server.CreateBucket()}/a/prefix";
        return OpenAgain();
    }

    protected override IFlowStore OpenAgain() =>
        BucketStore.Open(new() { Address = _address, Endpoint = _server.Endpoint, PageSize = 10 });
}
