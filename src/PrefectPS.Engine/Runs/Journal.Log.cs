using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <content>What tasks write: lines that travel in the records, and have one of their own where nothing else is written for a while.</content>
internal sealed partial class Journal
{
    private readonly LogBuffer _lines;
    private readonly TimeSpan _logInterval;
    private ITimer? _logTimer;
    private bool _isLogTimed;

    /// <summary>Whether what tasks write is kept.</summary>
    public bool KeepsLog { get; init; } = true;

    /// <summary>Takes down what a task has written. While nothing else is to be written, it waits for others of its kind.</summary>
    /// <param name="task">The slug of the task, with its path.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="stream">Where the task wrote it.</param>
    /// <param name="text">What it wrote.</param>
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

    // Within the lock of what is added.
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
                    TimeLog(); // a clock that calls on a thread that is at it comes at a bad time
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
