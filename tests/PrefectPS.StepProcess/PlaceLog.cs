using System.Diagnostics;

namespace PrefectPS.StepProcess;

/// <summary>The log of bodies that believe they hold a place: frequent lines with the machine's monotonic time.</summary>
internal sealed class PlaceLog(string path) : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1); // a third of the lease: whoever did not run for so long waits to be told whether it still has its place

    private readonly StreamWriter _log = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    /// <summary>Says so for a while.</summary>
    /// <param name="body">Who does.</param>
    /// <param name="time">For how long.</param>
    /// <param name="told">Cancelled where somebody else has the place.</param>
    public void Hold(string body, TimeSpan time, CancellationToken told)
    {
        var hold = $"{body}-{Guid.NewGuid():n}";
        var last = Stopwatch.GetTimestamp();
        for (var passed = TimeSpan.Zero; passed < time; passed += Moment)
        {
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(last, now) > Pause)
            {
                hold = $"{body}-{Guid.NewGuid():n}";
                told.WaitHandle.WaitOne(Pause);
            }

            told.ThrowIfCancellationRequested();
            last = Stopwatch.GetTimestamp();
            _log.WriteLine($"{hold} {last}");
            Thread.Sleep(Moment);
        }
    }

    public void Dispose() => _log.Dispose();
}
