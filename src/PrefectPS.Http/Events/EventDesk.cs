using System.Collections.Concurrent;

namespace PrefectPS.Http.Events;

/// <summary>
/// Where threads of the server have work done that needs code of the flow, which runs on one thread: that of the cmdlet, while no step is taken. Work that is
/// not begun there in time is left to its own thread, which does without that code.
/// </summary>
public sealed class EventDesk
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Work> _waiting = new();
    private readonly ConcurrentQueue<FlowException> _faults = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private TaskCompletionSource<bool> _arrival = New();
    private volatile bool _isAttended;

    /// <summary>Done when there is something to do.</summary>
    public Task Arrival => Volatile.Read(ref _arrival).Task;

    /// <summary>Whether somebody sits at it, who takes what arrives.</summary>
    public bool IsAttended
    {
        get => _isAttended;
        set => _isAttended = value;
    }

    /// <summary>Has something done at the desk; null where it is not attended.</summary>
    internal async Task<T?> TryDoAsync<T>(Func<T> work)
        where T : class
    {
        if (!_isAttended)
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

    /// <summary>Leaves a fault for the one at the desk to tell.</summary>
    internal void Tell(FlowException fault) => Leave(_faults, fault);

    /// <summary>Leaves a note for the one at the desk to tell.</summary>
    internal void Tell(string note) => Leave(_notes, note);

    /// <summary>Does what has arrived.</summary>
    /// <param name="fault">Takes faults.</param>
    /// <param name="note">Takes notes.</param>
    public void WorkOff(Action<FlowException> fault, Action<string> note)
    {
        Volatile.Write(ref _arrival, New()); // what arrives from now on is seen below, or signals anew
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

    private void Leave<T>(ConcurrentQueue<T> queue, T told)
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
