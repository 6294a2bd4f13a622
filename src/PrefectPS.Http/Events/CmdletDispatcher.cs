using System.Collections.Concurrent;

namespace PrefectPS.Http.Events;

/// <summary>
/// Dispatches work from server threads to the cmdlet's thread, the only one that can run the flow's code, while no step runs there. Work not started in time is returned
/// to its caller, which then manages without that code.
/// </summary>
public sealed class CmdletDispatcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Work> _waiting = new();
    private readonly ConcurrentQueue<FlowException> _faults = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private TaskCompletionSource<bool> _arrival = New();
    private volatile bool _isActive;

    /// <summary>Completes when there is work.</summary>
    public Task Arrival => Volatile.Read(ref _arrival).Task;

    /// <summary>True if the cmdlet is processing work.</summary>
    public bool IsActive
    {
        get => _isActive;
        set => _isActive = value;
    }

    /// <summary>Runs work on the cmdlet's thread; null where that is busy.</summary>
    public async Task<T?> TryInvokeAsync<T>(Func<T> work)
        where T : class
    {
        if (!_isActive)
            return null;
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var claim = new Work(() => Complete(done, work));
        _waiting.Enqueue(claim);
        Signal();
        using var late = new CancellationTokenSource();
        await Task.WhenAny(done.Task, Task.Delay(Patience, late.Token));
        late.Cancel();
        return claim.TryTake() ? null : await done.Task;
    }

    /// <summary>Posts an error to report.</summary>
    public void Post(FlowException fault) => Enqueue(_faults, fault);

    /// <summary>Posts a message to report.</summary>
    public void Post(string note) => Enqueue(_notes, note);

    /// <summary>Processes all pending work.</summary>
    /// <param name="fault">Reports errors.</param>
    /// <param name="note">Reports messages.</param>
    public void ProcessPending(Action<FlowException> fault, Action<string> note)
    {
        Volatile.Write(ref _arrival, New()); // later arrivals are processed below or signal again
        while (_waiting.TryDequeue(out var work))
        {
            if (work.TryTake())
                work.Do();
        }

        while (_faults.TryDequeue(out var told))
            fault(told);
        while (_notes.TryDequeue(out var told))
            note(told);
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> work)
    {
        try
        {
            done.SetResult(work());
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }

    private void Enqueue<T>(ConcurrentQueue<T> queue, T told)
    {
        queue.Enqueue(told);
        Signal();
    }

    private void Signal() => Volatile.Read(ref _arrival).TrySetResult(true);

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Work(Action action)
    {
        private int _isTaken;

        public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

        public void Do() => action();
    }
}
