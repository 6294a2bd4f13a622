using System.Runtime.InteropServices;
using PrefectPS.Storage;

namespace PrefectPS.StepProcess;

/// <summary>A store that suspends its process right before a given write or delete, not counting lease renewals.</summary>
/// <param name="inner">The store that does the work.</param>
/// <param name="suspendedAt">At which of them, from 1.</param>
internal sealed class SelfSuspendingStore(IFlowStore inner, int suspendedAt) : IFlowStore, IDisposable
{
    private const int StopSignal = 19;

    private readonly Lock _counting = new();
    private readonly SemaphoreSlim _renewing = new(1); // a folder's lock of a lease that is being renewed would keep others from taking it
    private readonly HashSet<string> _leased = new(StringComparer.Ordinal);
    private int _calls;

    public string Name => inner.Name;

    public string Address => inner.Address;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken) => inner.ReadAsync(path, cancellationToken);

    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        await SuspendAsync($"write {path}", cancellationToken);
        if (!IsOfLease(path))
            return await inner.WriteAsync(path, content, condition, cancellationToken);
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            return await inner.WriteAsync(path, content, condition, cancellationToken);
        }
        finally
        {
            _renewing.Release();
        }
    }

    public async ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        await SuspendAsync($"delete {path}", cancellationToken);
        return await inner.DeleteAsync(path, version, cancellationToken);
    }

    public IAsyncEnumerable<StoreEntry> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public void Dispose() => _renewing.Dispose();

    private static bool IsOfLease(string path) => path.Contains("lease.json", StringComparison.Ordinal);

    private async Task SuspendAsync(string call, CancellationToken cancellationToken)
    {
        if (!IsCounted(call))
            return;
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            await Console.Out.WriteLineAsync(call);
            await Console.Out.FlushAsync(cancellationToken);
            if (Kill(Environment.ProcessId, StopSignal) != 0)
                throw new InvalidOperationException("The process cannot suspend itself.");
            Thread.Sleep(200); // another thread may take the signal: until that has stopped this one, it does nothing more
        }
        finally
        {
            _renewing.Release();
        }
    }

    private bool IsCounted(string call)
    {
        lock (_counting)
            return (!IsOfLease(call) || (call.EndsWith("lease.json", StringComparison.Ordinal) && _leased.Add(call))) && ++_calls == suspendedAt;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
