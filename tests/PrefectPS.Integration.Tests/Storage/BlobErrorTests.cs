using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using PrefectPS.Azure.Storage;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Storage;

[Trait("Load", "heavy")]
public sealed class BlobErrorTests(EmulatorFixture emulators) : StoreErrorTests
{
    private static readonly string WrongKey = Convert.ToBase64String(new byte[64]);

    [Fact]
    public async Task A_missing_container_is_an_error()
    {
        var azurite = await emulators.AzuriteAsync();
        var store = BlobStore.Open(new() { Address = $"azblob://{Azurite.Account}/nowhere", ConnectionString = azurite.ConnectionString, Retry = Hasty });
        await AssertFailsAsync(store, "there is no container 'nowhere' in the account: create it, or specify another", Azurite.Key);
    }

    [Fact]
    public async Task A_wrong_key_is_an_error()
    {
        var azurite = await emulators.AzuriteAsync();
        var store = BlobStore.Open(new() { Address = await azurite.CreateContainerAsync(), Endpoint = azurite.BlobEndpoint, AccountKey = WrongKey, Retry = Hasty });
        await AssertFailsAsync(store, "credentials", WrongKey);
    }

    [Fact]
    public async Task An_expired_SAS_token_is_an_error()
    {
        var (address, signature) = await SignedAsync(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddMinutes(-1));
        var store = BlobStore.Open(new() { Address = address, Retry = Hasty });
        await AssertFailsAsync(store, "the shared access signature expired at ", signature);
        Assert.DoesNotContain(signature, store.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_insufficient_SAS_token_is_an_error()
    {
        var (address, signature) = await SignedAsync(BlobContainerSasPermissions.Add, DateTimeOffset.UtcNow.AddMinutes(5));
        await AssertFailsAsync(BlobStore.Open(new() { Address = address, Retry = Hasty }), "the credentials do not allow it (403 ", signature);
    }

    [Fact]
    public async Task A_SAS_token_in_the_address_is_sufficient()
    {
        var (address, _) = await SignedAsync(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddMinutes(5));
        var store = BlobStore.Open(new() { Address = address });
        await store.WriteAsync("x", new MemoryStream([1]), PrefectPS.Storage.WriteCondition.IfAbsent, Stop);
        Assert.Equal(["x"], await ListAsync(store, ""));
    }

    [Fact]
    public async Task An_unreachable_endpoint_is_an_error()
    {
        var store = BlobStore.Open(new()
        {
            Address = "azblob://account/container",
            Endpoint = new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/account"),
            AccountKey = WrongKey,
            Retry = Hasty,
        });
        await AssertFailsAsync(store, "it cannot be reached: Connection refused", WrongKey, isTransient: true);
    }

    [Fact]
    public async Task An_unresolvable_host_is_an_error()
    {
        var store = BlobStore.Open(new() { Address = "https://account.invalid/container", AccountKey = WrongKey, Retry = Hasty });
        await AssertFailsAsync(store, "it cannot be reached: ", WrongKey, isTransient: true);
    }

    private async Task<(string Address, string Signature)> SignedAsync(BlobContainerSasPermissions permissions, DateTimeOffset until)
    {
        var azurite = await emulators.AzuriteAsync();
        var container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient((await azurite.CreateContainerAsync()).Split('/')[^1]);
        var address = container.GenerateSasUri(permissions, until).AbsoluteUri;
        return (address, address[(address.IndexOf("sig=", StringComparison.Ordinal) + 4)..].Split('&')[0]);
    }
}
