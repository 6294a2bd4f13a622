using System.Runtime.InteropServices;

namespace PrefectPS.Host.Sessions;

/// <summary>
/// A request from outside to end the script early, and the exit status that tells of it. The first one stops the pipeline, so that
/// <c>finally</c> blocks run; a signal that follows ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly CancellationTokenSource _source = new();
    private PosixSignalRegistration[] _registrations = [];
    private int _exitCode = -1;

    /// <summary>Cancelled by the first request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The status of the first request, or null when there was none.</summary>
    public int? RequestedExitCode => Volatile.Read(ref _exitCode) is >= 0 and var code ? code : null;

    /// <summary>Makes signals requests; until then they end the process as they always do.</summary>
    public void ListenToSignals() => _registrations =
    [
        Register(PosixSignal.SIGHUP, ExitCode.ForSignal(Hangup)),
        Register(PosixSignal.SIGINT, ExitCode.ForSignal(Interrupt)),
        Register(PosixSignal.SIGTERM, ExitCode.ForSignal(Terminate)),
    ];

    /// <summary>Asks the script to end with <paramref name="exitCode"/>.</summary>
    /// <returns>Whether this was the first request.</returns>
    public bool Request(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, -1) != -1)
            return false;

        _source.Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            // A command of the script that listens for signals itself, such as Start-FlowListener, is asked first, and ends in its own way.
            if (context.Cancel)
                return;
            context.Cancel = true;
            if (!Request(exitCode))
                Environment.Exit(exitCode);
        });
}
