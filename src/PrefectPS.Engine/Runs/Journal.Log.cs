using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <content>Output of tasks: lines travel in the records, and get one of their own if nothing else is written for a while.</content>
internal sealed partial class Journal
{
    private readonly LogBuffer _lines;
    private readonly TimeSpan _logInterval;
    private ITimer? _logTimer;
    private bool _isLogTimed;

    /// <summary>True if output of tasks is recorded.</summary>
    public bool KeepsLog { get; init; } = true;

    /// <summary>Adds a line of output. It waits for other lines while nothing else is to be written.</summary>
    /// <param name="task">Path of the task.</param>
    /// <param name="attempt">The attempt number.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="text">The text.</param>
    public void AddLine(string task, int attempt, FlowLogSource stream, string text)
    {
        if (!KeepsLog)
            return;
        var line = new LogLine(_clock.GetUtcNow() - _run.Started, task, attempt, stream, TruncatedText.To(text, Limits.MaxLogLineLength)!);
        lock (_adding)
        {
            if (_isDisposed)
                return;
            _lines.Add(line);
            if (Durability != FlowDurability.Step && Opening is not null && !_isLogTimed)
                TimeLog();
        }
    }

    // Called inside the lock on pending entries.
    private void TimeLog()
    {
        _isLogTimed = true;
        _logTimer ??= _clock.CreateTimer(_ => WriteLinesInTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _logTimer.Change(_logInterval, Timeout.InfiniteTimeSpan);
    }

    private void WriteLinesInTime()
    {
        lock (_writing)
        {
            lock (_adding)
            {
                _isLogTimed = false;
                if (_isDisposed || _failure is not null || (_lines.IsEmpty && _unconfirmed is null))
                    return;
                if (_isWriting)
                {
                    TimeLog(); // a timer callback on the writing thread itself must wait
                    return;
                }
            }

            try
            {
                Write(isPatient: true);
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
            {
                lock (_adding)
                    TimeLog();
            }
            catch (FlowException e)
            {
                Fail(e);
            }
        }
    }

    private byte[] TakeLines()
    {
        lock (_adding)
            return _lines.Take();
    }
}
