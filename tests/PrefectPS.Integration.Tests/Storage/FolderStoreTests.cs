using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

public sealed class FolderStoreTests : WholeStoreContract
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    private protected override ValueTask<IFlowStore> CreateAsync() => new(new FolderStore(_folder["a store"]));

    private protected override IFlowStore Open(string address) => new FolderStore(new Uri(address).LocalPath);
}
