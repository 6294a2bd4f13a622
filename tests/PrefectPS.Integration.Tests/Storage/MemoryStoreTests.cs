using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

public sealed class MemoryStoreTests : WholeStoreContract
{
    private protected override ValueTask<IFlowStore> CreateAsync() => new(MemoryStore.Named(Guid.NewGuid().ToString()));

    private protected override IFlowStore Open(string address) => MemoryStore.Named(address["memory:".Length..]);
}
