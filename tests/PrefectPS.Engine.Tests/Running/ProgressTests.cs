using System.Globalization;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Running;

public class ProgressTests
{
    [Fact]
    public void The_observer_is_called_for_each_body_that_begins()
    {
        Assert.Equal(["0/3 a", "1/3 b", "2/3 c"], Watch(new TestFlow().Task("a").Task("b", "a").Task("c", "b")));
    }

    [Fact]
    public void Progress_includes_earlier_steps()
    {
        var flow = new TestFlow().Task("a").Task("b").Task("c");
        Assert.Equal(["2/3 c"], Watch(flow, given: flow.Step(flow.New(), maxTasks: 2, reset: true)));
    }

    [Fact]
    public void Mapped_tasks_count_by_their_children()
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 });
        flow.Add(new("each", TestFlow.Body(_ => null)) { Map = [new("n", "list")] }).Task("last", "each");
        Assert.Equal(["0/3 list", "1/5 each[0]", "2/5 each[1]", "3/5 each[2]", "4/5 last"], Watch(flow));
    }

    [Fact]
    public void A_wait_is_reported_with_its_end_and_the_remaining_time()
    {
        var flow = new TestFlow();
        flow.Add(new("a", TestFlow.Body((context, _) => context.RunCount == 1 ? throw new InvalidOperationException() : 1))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(2)] },
        });
        Assert.Equal(
            ["0/1 a 600 s left", "0/1 until 08:32:15 600 s left", "0/1 480 s left", "0/1 a 480 s left"],
            Watch(flow, new() { Wait = true, Time = TimeSpan.FromMinutes(10) }));
    }

    [Fact]
    public void Concurrent_bodies_are_reported_together()
    {
        using var both = new Barrier(2);
        var flow = new TestFlow();
        foreach (var name in new[] { "a", "b" })
            flow.Task(name, _ => both.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        var told = Watch(flow, new() { Throttle = new Throttle(2) }, pool: new ThreadPoolBodies());
        Assert.Equal(["0/2 a", "0/2 a b"], told[..2]);
        Assert.Equal("2/2", told[^1]);
    }

    private static string[] Watch(TestFlow flow, StepBudget? budget = null, FlowState? given = null, IBodyPool? pool = null)
    {
        var observer = new Observer();
        StepRunner.Run(
            given ?? flow.New(), new() { Budget = budget ?? StepBudget.Unlimited, Pool = pool, Observer = observer }, cancellationToken: TestContext.Current.CancellationToken);
        return [.. observer.Told];
    }

    private sealed class Observer : IStepObserver
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public List<string> Told { get; } = [];

        public void Changed(StepProgress progress)
        {
            Assert.Equal(_thread, Environment.CurrentManagedThreadId);
            var (done, total) = progress.Count();
            var wait = progress.WaitsUntil is { } time ? $"until {time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}" : null;
            var left = progress.RemainingTime is { } some ? $"{some.TotalSeconds} s left" : null;
            Told.Add(string.Join(' ', new[] { $"{done}/{total}", wait }.Concat(progress.Running).Append(left).Where(part => part is not null)));
        }
    }
}
