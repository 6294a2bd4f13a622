#if !NETSTANDARD
using System.Runtime.InteropServices;
#endif

namespace PrefectPS.Commands;

/// <summary>The signals by which a process is told to end, as a request: who listens ends in good order, and the process lives until then.</summary>
internal sealed class TerminationSignals : IDisposable
{
#if NETSTANDARD
    /// <summary>Windows has no such signals.</summary>
    public static TerminationSignals Listen(Action stop) => new();

    public void Dispose()
    {
    }
#else
    private readonly PosixSignalRegistration[] _registrations;

    private TerminationSignals(Action stop) => _registrations =
    [
        .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop();
        })),
    ];

    /// <summary>Calls an action at each signal, until this is disposed of.</summary>
    public static TerminationSignals Listen(Action stop) => new(stop);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
#endif
}
