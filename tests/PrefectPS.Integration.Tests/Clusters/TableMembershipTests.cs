using Azure.Data.Tables;
using Orleans.Hosting;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Azure's tables.</summary>
public sealed class TableMembershipTests(EmulatorFixture emulators) : MembershipContract
{
    private TableServiceClient _tables = null!;

    private protected override async Task PrepareAsync() => _tables = new((await emulators.AzuriteAsync()).ConnectionString);

    private protected override void Use(ISiloBuilder silo) => silo.UseAzureStorageClustering(options => options.TableServiceClient = _tables);

    private protected override void Use(IClientBuilder client) => client.UseAzureStorageClustering(options => options.TableServiceClient = _tables);
}
