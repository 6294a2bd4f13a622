using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>Against an emulator that others made. It knows no conditions, and takes the first block of an object for the whole.</summary>
[Trait("Load", "heavy")]
public sealed class FirebaseStoreTests(EmulatorFixture emulators) : BasicStoreContract
{
    private readonly string _address = $"gs://b{Guid.NewGuid():n}/a/prefix";
    private Uri _endpoint = null!;

    protected override async ValueTask<IFlowStore> CreateAsync()
    {
        _endpoint = (await emulators.FirebaseStorageAsync()).Endpoint;
        return OpenAgain();
    }

    protected override IFlowStore OpenAgain() => BucketStore.Open(new() { Address = _address, Endpoint = _endpoint, PageSize = 10 });
}
