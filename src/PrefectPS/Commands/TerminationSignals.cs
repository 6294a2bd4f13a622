#if !NETSTANDARD
using System.Runtime.InteropServices;
#endif

namespace PrefectPS.Commands;

/// <summary>The signals by which a process is told to end.</summary>
internal sealed class TerminationSignals : IDisposable
{
#if NETSTANDARD
    /// <summary>Windows has no such signals.</summary>
    public static TerminationSignals Listen(Action stop) => new();

    /// <inheritdoc cref="Listen"/>
    public static TerminationSignals Delay(Action stop) => new();

    public void Dispose()
    {
    }
#else
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(3);

    // The terminal of a process that is closed says so to it; where nohup began the process, it does not hear that, here neither.
    private static readonly PosixSignal[] OfProcess = [PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly PosixSignalRegistration[] _registrations;

    private TerminationSignals(Action<PosixSignalContext> handle, params PosixSignal[] signals) =>
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, handle))];

    /// <summary>Calls an action at each signal, until this is disposed of: who listens ends in good order, and the process lives until then.</summary>
    /// <param name="stop">Begins that end.</param>
    /// <param name="ended">
    /// Completes with that end; null where whoever disposes of this goes on at once. The signal is for the process, whose session may wait for something else by then:
    /// what follows has a few seconds, and then the process ends.
    /// </param>
    public static TerminationSignals Listen(Action stop, Func<Task>? ended = null) => new(
        context =>
        {
            context.Cancel = true;
            stop();
            if (context.Signal != PosixSignal.SIGINT && ended is not null)
                _ = EndProcessAfterAsync(ended());
        },
        [.. OfProcess, PosixSignal.SIGINT]);

    /// <summary>Calls an action before the process ends by a signal, until this is disposed of. Ctrl+C, which PowerShell handles itself, is none.</summary>
    public static TerminationSignals Delay(Action stop) => new(_ => stop(), OfProcess);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private static async Task EndProcessAfterAsync(Task ended)
    {
        await ended.ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.Delay(LastLines);
        Environment.Exit(0);
    }
#endif
}
