using System.Management.Automation;

namespace PrefectPS.Host.Commands;

/// <summary>Waits; a stop ends the wait at once.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = SecondsSet)]
internal sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private const string SecondsSet = "Seconds";
    private const string MillisecondsSet = "Milliseconds";
    private const string DurationSet = "FromTimeSpan";

    private readonly ManualResetEventSlim _stopped = new();

    [Parameter(
        Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SecondsSet)]
    [ValidateRange(0.0, 2147483.0)]
    public double Seconds { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MillisecondsSet)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("ms")]
    public int Milliseconds { get; set; }

    [Parameter(
        Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = DurationSet)]
    [Alias("ts")]
    public TimeSpan Duration { get; set; }

    protected override void ProcessRecord()
    {
        var wait = ParameterSetName switch
        {
            SecondsSet => TimeSpan.FromSeconds(Seconds),
            MillisecondsSet => TimeSpan.FromMilliseconds(Milliseconds),
            _ => Duration,
        };
        if (wait < TimeSpan.Zero || wait.TotalMilliseconds > int.MaxValue)
        {
            var exception = new PSInvalidOperationException($"A duration is from zero to 24 days, not {wait}.");
            ThrowTerminatingError(new ErrorRecord(exception, "DurationOutOfRange", ErrorCategory.InvalidArgument, wait));
        }

        _stopped.Wait(wait);
    }

    protected override void StopProcessing() => _stopped.Set();

    public void Dispose() => _stopped.Dispose();
}
