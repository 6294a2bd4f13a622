#if !NETSTANDARD
using System.Runtime.InteropServices;
#endif

namespace PrefectPS.Commands;

/// <summary>Termination signals of the process.</summary>
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

    // SIGHUP is sent when the terminal is closed. A process that nohup started ignores it, and so do we.
    private static readonly PosixSignal[] OfProcess = [PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly PosixSignalRegistration[] _registrations;

    private TerminationSignals(Action<PosixSignalContext> handle, params PosixSignal[] signals) =>
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, handle))];

    /// <summary>Calls an action at each signal until disposed: the listener shuts down cleanly, and the process stays alive until then.</summary>
    /// <param name="stop">Starts the shutdown.</param>
    /// <param name="ended">
    /// Completes with the shutdown; null if disposal continues immediately. The signal is for the whole process, whose session may then wait for something else:
    /// the rest has a few seconds before the process ends.
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

    /// <summary>Calls an action before a signal ends the process, until disposed. Ctrl+C is not included, because PowerShell handles it.</summary>
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
