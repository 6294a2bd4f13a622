using PrefectPS.Azure.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

[Trait("Load", "heavy")]
public sealed class BlobStoreTests(EmulatorFixture emulators) : WholeStoreContract
{
    private Azurite _azurite = null!;

    [Fact]
    public Task Memory_does_not_depend_on_the_size_of_an_object() => AssertStreamsAsync();

    private protected override async ValueTask<IFlowStore> CreateAsync()
    {
        _azurite = await emulators.AzuriteAsync();
        return Open($"{await _azurite.CreateContainerAsync()}/a/prefix");
    }

    private protected override IFlowStore Open(string address) =>
        BlobStore.Open(new() { Address = address, ConnectionString = _azurite.ConnectionString, PageSize = 10 });
}
