namespace PrefectPS.Commands;

/// <summary>
/// The end of the process by a signal, while a step of a run on record works in it: the step is stopped, so that its record says that it did not crash, and the
/// process ends once it has, or after a few seconds, and goes on with nothing else.
/// </summary>
internal sealed class StepTermination : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4); // containers and services are killed after ten seconds or more

    private readonly CancellationTokenSource _stop;
    private readonly ManualResetEventSlim _hasEnded = new();
    private readonly TerminationSignals _signals;
    private volatile bool _isEnding;

    /// <param name="stop">Stops the step for any other reason.</param>
    public StepTermination(CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _signals = TerminationSignals.Delay(EndStep);
    }

    /// <summary>Stops the step.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _hasEnded.Set();
        if (_isEnding)
            Thread.Sleep(Grace); // the process ends right now, and what follows the step in a script is no part of it
        _signals.Dispose();
        _stop.Dispose();
    }

    private void EndStep()
    {
        _isEnding = true;
        _stop.Cancel();
        _hasEnded.Wait(Grace);
    }
}
