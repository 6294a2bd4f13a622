using System.Globalization;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Progress;

/// <summary>Shows the progress of a step as progress records of a cmdlet. Rapid changes are not all shown.</summary>
internal sealed class ProgressWriter : IStepObserver, IDisposable
{
    private const int FirstActivity = 7_000; // unlikely to be used by scripts
    private const int MostNames = 5;

    [ThreadStatic]
    private static int _depth; // a task may run a flow

    private readonly PSCmdlet _cmdlet;
    private readonly string _activity;
    private readonly CancellationToken _stop;
    private readonly RecordLimit _limit = new();
    private readonly int _level;
    private bool _isShown;

    private ProgressWriter(PSCmdlet cmdlet, Flow flow, CancellationToken stop)
    {
        _cmdlet = cmdlet;
        _activity = TerminalText.Of(flow.Name);
        _stop = stop;
        _level = _depth++;
    }

    /// <summary>The writer for a cmdlet that runs a flow; null if nobody would see it.</summary>
    /// <param name="cmdlet">The cmdlet; its records are written on the step's thread.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="stop">Cancelled when the pipeline is being stopped, after which nothing can be written.</param>
    public static ProgressWriter? For(PSCmdlet cmdlet, Flow flow, CancellationToken stop) =>
        Audience.IsThere(cmdlet) ? new(cmdlet, flow, stop) : null;

    public void Changed(StepProgress progress)
    {
        // A wait may be long, so its start is always shown.
        if (!_limit.TryTake() && progress.WaitsUntil is null)
            return;
        _isShown = true;
        _cmdlet.WriteProgress(ToRecord(progress));
    }

    /// <summary>Removes the progress display.</summary>
    public void Dispose()
    {
        _depth = _level;
        if (_isShown && !_stop.IsCancellationRequested)
            _cmdlet.WriteProgress(new(FirstActivity + _level, _activity, _activity) { RecordType = ProgressRecordType.Completed });
    }

    private ProgressRecord ToRecord(StepProgress progress)
    {
        var (done, total) = progress.Count();
        return new(FirstActivity + _level, _activity, Describe(progress, done, total))
        {
            ParentActivityId = _level == 0 ? -1 : FirstActivity + _level - 1,
            PercentComplete = total == 0 ? 100 : (int)(100L * done / total),
            SecondsRemaining = progress.RemainingTime is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
        };
    }

    private static string Describe(StepProgress progress, int done, int total)
    {
        var text = $"{done} of {total} tasks done";
        if (progress.WaitsUntil is { } time)
            return $"{text}; waiting until {time.ToLocalTime().ToString("T", CultureInfo.CurrentCulture)}";
        string[] running = [.. progress.Running];
        if (running.Length == 0)
            return text;
        var more = running.Length > MostNames ? $" and {running.Length - MostNames} more" : string.Empty;
        return $"{text}; running: {TerminalText.Of(string.Join(", ", running.Take(MostNames)))}{more}";
    }
}
