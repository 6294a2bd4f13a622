using System.Diagnostics;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What several threads hand to another arrives once each, and whoever waits is woken by what it waits for.</summary>
public sealed class WorkQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_arrive_once_and_in_order_per_sender()
    {
        const int senders = 4;
        const int each = 5_000;
        var queue = new WorkQueue<(int Sender, int Number)>();
        var takers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => TakeAll(queue), Stop)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(
            () =>
            {
                for (var number = 0; number < each; number++)
                    queue.Add((sender, number));
            },
            Stop)));
        queue.Complete();

        var taken = await Task.WhenAll(takers);
        Assert.Equal(senders * each, taken.SelectMany(items => items).Distinct().Count());
        Assert.Equal(senders * each, taken.Sum(items => items.Count));
        foreach (var group in taken.SelectMany(items => items.GroupBy(item => item.Sender)))
            Assert.Equal(group.Select(item => item.Number).Order(), group.Select(item => item.Number));
    }

    [Fact]
    public void Items_added_before_completion_are_still_taken()
    {
        var queue = new WorkQueue<int>();
        queue.Add(1);
        queue.Complete();
        Assert.True(queue.TryTake(out var item, patience: null, Stop));
        Assert.Equal(1, item);
        Assert.False(queue.TryTake(out _, patience: null, Stop));
        Assert.Throws<InvalidOperationException>(() => queue.Add(2));
    }

    [Fact]
    public void A_wait_without_items_times_out()
    {
        var queue = new WorkQueue<int>();
        Assert.False(queue.TryTake(out _));
        var since = Stopwatch.GetTimestamp();
        Assert.False(queue.TryTake(out _, TimeSpan.FromMilliseconds(60), Stop));
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.FromMilliseconds(60), Long);
        Assert.False(queue.TryTake(out _, TimeSpan.FromSeconds(-1), Stop));
    }

    [Fact]
    public async Task A_wait_ends_on_cancellation_completion_and_interruption()
    {
        using var stop = new CancellationTokenSource();
        var queue = new WorkQueue<int>();
        var stopped = Task.Run(() => queue.TryTake(out _, Long, stop.Token), Stop);
        var interrupted = new TaskCompletionSource<Exception?>();
        var thread = new Thread(() => interrupted.SetResult(Record.Exception(() => queue.TryTake(out _, patience: null, CancellationToken.None))));
        thread.Start();
        while (!thread.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin))
            await Task.Delay(5, Stop);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.WaitAsync(Long, Stop));
        thread.Interrupt();
        Assert.IsType<ThreadInterruptedException>(await interrupted.Task.WaitAsync(Long, Stop));

        var ended = Task.Run(() => queue.TryTake(out _, patience: null, Stop), Stop);
        queue.Complete();
        Assert.False(await ended.WaitAsync(Long, Stop));
    }

    private static List<(int Sender, int Number)> TakeAll(WorkQueue<(int Sender, int Number)> queue)
    {
        List<(int, int)> taken = [];
        while (queue.TryTake(out var item, patience: null, CancellationToken.None))
            taken.Add(item);
        return taken;
    }
}
