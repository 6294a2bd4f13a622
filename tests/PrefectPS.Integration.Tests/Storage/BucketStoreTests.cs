using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>Against a server in this process that follows the documentation, and keeps what it has in files.</summary>
public sealed class BucketStoreTests : WholeStoreContract
{
    private CloudStorageServer _server = null!;

    [Fact]
    public Task Memory_does_not_depend_on_the_size_of_an_object() => AssertStreamsAsync();

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected override async ValueTask<IFlowStore> CreateAsync()
    {
        _server = await CloudStorageServer.StartAsync();
        return Open($"{_server.CreateBucket()}/a/prefix");
    }

    private protected override IFlowStore Open(string address) =>
        BucketStore.Open(new() { Address = address, Endpoint = _server.Endpoint, PageSize = 10 });
}
