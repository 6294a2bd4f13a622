namespace PrefectPS.Commands;

/// <summary>
/// Handles a termination signal while a step of a recorded run is running: stops the step, so that the record shows no crash; then the
/// process ends, after a few seconds at the latest.
/// </summary>
internal sealed class StepTermination : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4); // containers and services are killed after ten seconds or more

    private readonly CancellationTokenSource _stop;
    private readonly ManualResetEventSlim _hasEnded = new();
    private readonly TerminationSignals _signals;
    private volatile bool _isEnding;

    /// <param name="stop">Stops the step for other reasons.</param>
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
            Thread.Sleep(Grace); // the process is about to end: do not run the rest of the script
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
