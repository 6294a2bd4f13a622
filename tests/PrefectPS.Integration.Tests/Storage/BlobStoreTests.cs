using PrefectPS.Azure.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

[Trait("Load", "heavy")]
public sealed class BlobStoreTests(EmulatorFixture emulators) : EngineStoreContract
{
    private Azurite _azurite = null!;
    private string _address = string.Empty;

    [Fact]
    public Task Memory_does_not_depend_on_the_size_of_an_object() => AssertStreamsAsync();

    protected override async ValueTask<IFlowStore> CreateAsync()
    {
        _azurite = await emulators.AzuriteAsync();
        _address = $"{await _azurite.CreateContainerAsync()}/a/prefix";
        return OpenAgain();
    }

    protected override IFlowStore OpenAgain() =>
        BlobStore.Open(new() { Address = _address, ConnectionString = _azurite.ConnectionString, PageSize = 10 });
}
