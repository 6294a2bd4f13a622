using System.Globalization;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

public sealed class FolderStoreTests : EngineStoreContract
{
    private readonly TemporaryFolder _folder = new();

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public Task Memory_does_not_depend_on_the_size_of_an_object() => AssertStreamsAsync();

    [Fact]
    public async Task Processes_that_write_on_conditions_lose_nothing_of_each_other()
    {
        const int Processes = 4, Rounds = 40;
        var racers = Enumerable.Range(0, Processes).Select(_ => StoreRacer.Start(_folder["a store"], Rounds)).ToArray();
        var claimed = 0;
        foreach (var racer in racers)
        {
            claimed += int.Parse(await racer.StandardOutput.ReadToEndAsync(Stop), CultureInfo.InvariantCulture);
            await racer.WaitForExitAsync(Stop);
            racer.Dispose();
        }

        Assert.Equal((Processes * Rounds).ToString(CultureInfo.InvariantCulture), await ReadAsync("counter"));
        Assert.Equal(Rounds, claimed);
        Assert.Equal(Rounds, (await ListAsync("claims/")).Count);
    }

    protected override ValueTask<IFlowStore> CreateAsync() => new(new FolderStore(_folder["a store"]));

    protected override IFlowStore OpenAgain() => new FolderStore(new Uri(Store.Address).LocalPath);
}
