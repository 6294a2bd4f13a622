using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

public sealed class MemoryStoreTests : EngineStoreContract
{
    protected override ValueTask<IFlowStore> CreateAsync() => new(MemoryStore.Named(Guid.NewGuid().ToString()));

    protected override IFlowStore OpenAgain() => MemoryStore.Named(Store.Address["memory:".Length..]);
}
