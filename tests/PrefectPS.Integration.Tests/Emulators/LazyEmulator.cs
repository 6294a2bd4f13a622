namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An emulator that is started once, by who needs it first.</summary>
internal sealed class LazyEmulator<T>(Func<Task<T>> start) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly Lazy<Task<T>> _started = new(start);

    /// <summary>The emulator. The test ends here where there is none.</summary>
    public Task<T> GetAsync() => Requirement.OrSkipAsync(() => _started.Value);

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
            await (await _started.Value).DisposeAsync();
    }
}
