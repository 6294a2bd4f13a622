using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What is kept of a log, however often it is bounded while it grows: what came first, what is newest, and how many are missing between.</summary>
public class LogBoundsTests
{
    private const int MaxTask = 2_000;
    private const int MaxStep = 5_000;

    private static readonly Gen<(int Task, int Length)> Line = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 150]);

    // Pieces of a step's lines, as they come between two folds.
    private static readonly Gen<(int Task, int Length)[][]> Pieces = Line.Array[0, 60].Array[1, 12];

    [Fact]
    public void A_task_has_one_gap_however_its_lines_arrive() => Pieces.Sample(
        pieces =>
        {
            var (all, kept) = Bound(new(MaxTask, int.MaxValue), pieces);
            foreach (var task in all.GroupBy(line => line.Task))
                Check([.. task], [.. kept.Where(line => line.Task == task.Key)], MaxTask);
        },
        iter: Series.Cases(sample: 2_000, whole: 100_000));

    [Fact]
    public void A_step_has_one_gap_and_every_dropped_line_is_counted() => Pieces.Sample(
        pieces =>
        {
            var (all, kept) = Bound(new(MaxTask, MaxStep), pieces);
            Assert.Equal(all.Count, kept.Sum(line => Math.Max(1, line.Dropped)));
            Assert.InRange(kept.Count(line => line is { Dropped: > 0, Task: "" }), 0, 1);
            Assert.InRange(kept.Sum(line => line.Size), 0, MaxStep + 100);
            Assert.Equal(kept.Where(line => line.Dropped == 0).Select(line => line.Time).Order(), kept.Where(line => line.Dropped == 0).Select(line => line.Time));
        },
        iter: Series.Cases(sample: 2_000, whole: 100_000));

    private static (List<LogLine> All, IReadOnlyList<LogLine> Kept) Bound(LogBounds bounds, (int Task, int Length)[][] pieces)
    {
        List<LogLine> all = [];
        IReadOnlyList<LogLine> kept = [];
        foreach (var piece in pieces)
        {
            LogLine[] next = [.. piece.Select((line, at) => new LogLine(TimeSpan.FromSeconds(all.Count + at), $"t{line.Task}", 1, FlowLogSource.Host, new('x', line.Length)))];
            all.AddRange(next);
            kept = bounds.Apply([.. kept, .. next]);
        }

        return (all, kept);
    }

    private static void Check(LogLine[] all, LogLine[] kept, int max)
    {
        Assert.Equal(all.Length, kept.Sum(line => Math.Max(1, line.Dropped)));
        var gap = Array.FindIndex(kept, line => line.Dropped > 0);
        if (gap < 0)
        {
            Assert.Equal(all, kept);
            return;
        }

        Assert.Equal(gap, Array.FindLastIndex(kept, line => line.Dropped > 0));
        Assert.Equal(all[..gap], kept[..gap]);
        Assert.Equal(all[^(kept.Length - gap - 1)..], kept[(gap + 1)..]);
        Assert.InRange(kept[..gap].Sum(line => line.Size), (max / 4) - 200, max / 4);
        Assert.InRange(kept.Sum(line => line.Size), 1, max + 100);
    }
}
