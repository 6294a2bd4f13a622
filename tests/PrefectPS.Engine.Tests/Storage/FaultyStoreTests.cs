using PrefectPS.Engine.Tests.Support;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

/// <summary>The mishaps that other tests rely on happen as they say.</summary>
public sealed class FaultyStoreTests
{
    private readonly FaultyStore _store = new(MemoryStore.Named(Guid.NewGuid().ToString()));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(StoreMishap.Refused), false, false)]
    [InlineData(nameof(StoreMishap.NoAnswer), true, false)]
    [InlineData(nameof(StoreMishap.LostAnswer), true, true)]
    [InlineData(nameof(StoreMishap.Throttled), true, false)]
    [InlineData(nameof(StoreMishap.Unavailable), true, false)]
    public async Task A_failing_call_takes_effect_or_not(string mishap, bool isTransient, bool isWritten)
    {
        _store.At(1, Enum.Parse<StoreMishap>(mishap));

        var error = await Assert.ThrowsAsync<FlowException>(async () => await WriteAsync());

        Assert.Equal((FlowErrorId.StoreFailed, isTransient), (error.Id, error.IsTransient));
        using var found = await _store.ReadAsync("x", Stop);
        Assert.Equal(isWritten, found is not null);
        Assert.Equal(["write x", "read x"], _store.Calls);
    }

    [Fact]
    public async Task A_truncated_read_is_an_error()
    {
        _store.At(2, StoreMishap.TruncatedRead);
        await WriteAsync();
        using var found = (await _store.ReadAsync("x", Stop))!;
        var error = await Assert.ThrowsAsync<FlowException>(async () => await found.ReadAllAsync(Stop));
        Assert.EndsWith("failed to read 'x': its content ended after 5 of 10 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_call_succeeds()
    {
        _store.At(1, StoreMishap.Slow);
        await WriteAsync();
        using var found = await _store.ReadAsync("x", Stop);
        Assert.Equal(10, found!.Length);
    }

    private ValueTask<string> WriteAsync() => _store.WriteAsync("x", new byte[10], WriteCondition.Always, Stop);
}
