using System.Text;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What tasks write is on record with the run: in its records first, then in segments of its own; within bounds, once, and by steps that count.</summary>
public class LogTests
{
    private readonly MeasuredStore _store = new(RecordedFlowExtensions.NewStore());

    [Fact]
    public void Lines_are_between_the_states_of_their_task_with_attempt_and_stream()
    {
        var attempts = 0;
        var flow = Make();
        flow.Add(new("load", TestFlow.Body((context, _) =>
        {
            Write(context, FlowLogSource.Warning, $"try {++attempts}");
            flow.Clock.Advance(TimeSpan.FromSeconds(72));
            return attempts == 1 ? throw new InvalidOperationException("no") : null;
        }))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromSeconds(1)] },
        });
        flow.Recorded(wait: true).Step("run");

        Assert.Equal(
            [
                "load/1 State Running",
                "load/1 Warning try 1",
                "load/1 State Failed in 00:01:12: Error during execution of task: no",
                "load/1 State Retrying (attempt 2 of 2)",
                "load/2 State Running (attempt 2)",
                "load/2 Warning try 2",
                "load/2 State Success in 00:01:12",
            ],
            Read().Select(Text));
        Assert.All(Read(), entry => Assert.Equal(("flow", "run", 1), (entry.Flow, entry.RunId, entry.Step)));
    }

    [Theory]
    [InlineData(FlowDurability.Task)]
    [InlineData(FlowDurability.Batch)]
    [InlineData(FlowDurability.Step)]
    public void Every_line_of_many_steps_is_there_once_and_in_order(FlowDurability durability)
    {
        var steps = Series.Cases(sample: 120, whole: 1_000);
        var flow = Chain(steps, (context, i) => Write(context, FlowLogSource.Host, $"line {i}"));
        for (var step = 0; step < steps; step++)
            flow.Recorded(maxTasks: 1, durability).Step("run");

        Assert.Equal(Enumerable.Range(0, steps).Select(i => $"line {i}"), Lines());
        Assert.Equal(Enumerable.Range(1, steps), Read().Where(entry => entry.Source == FlowLogSource.Host).Select(entry => entry.Step));
    }

    [Fact]
    public void The_log_costs_a_step_at_most_one_extra_request()
    {
        var with = RequestsOf(steps: 200, lines: 3);
        var without = RequestsOf(steps: 200, lines: 0);
        Assert.InRange((with - without) / 200.0, 0.01, 1);
    }

    [Theory]
    [InlineData(2_000, 1)]
    [InlineData(200, 200)]
    public void The_log_of_a_long_step_costs_no_more_bytes_than_its_records(int tasks, int lines)
    {
        Chain(tasks, (context, i) =>
        {
            for (var line = 0; line < lines; line++)
                Write(context, FlowLogSource.Host, $"{i} {line} {(i * 7919) % 10_007}");
        }).Recorded(durability: FlowDurability.Task).Step("run");
        Assert.InRange(_store.Written("/log/").Bytes, 1, _store.Written("/journal/").Bytes);
        Assert.Equal(lines == 1 ? tasks : 0, Lines().Length * (lines == 1 ? 1 : 0));
    }

    [Fact]
    public void Opening_a_run_reads_no_log_segment_and_no_line_is_stored_twice()
    {
        RequestsOf(steps: 40, lines: 100);
        _store.Clear();
        var objects = Objects();
        var logs = objects.Count(path => path.Contains("/log/", StringComparison.Ordinal));
        Assert.InRange(logs, 1, 8);
        var kept = Lines();
        Assert.Equal(40 * 100, kept.Length);
        Assert.Equal(kept.Length, kept.Distinct().Count());
        foreach (var path in objects.Where(path => path.Contains("/log/", StringComparison.Ordinal)))
            Delete(path);
        Assert.Equal(StateType.Success, Make().Task("t0").Recorded().Step("other").StateType);
        Assert.Equal(40, RunHistory.Find(_store, "flow", "run")!.Steps.Count);
    }

    [Fact]
    public void Log_lines_alone_are_recorded_every_five_seconds()
    {
        TestFlow flow = null!;
        var seen = new List<int>();
        flow = Chain(1, (context, _) =>
        {
            for (var second = 0; second < 20; second++)
            {
                Write(context, FlowLogSource.Verbose, $"second {second}");
                flow.Clock.Advance(TimeSpan.FromSeconds(1));
                seen.Add(Lines().Length);
            }
        });
        var before = _store.Written("/journal/").Count;
        flow.Recorded(durability: FlowDurability.Task).Step("run");

        Assert.Equal(20, Lines().Length);
        Assert.Equal([0, 0, 0, 0, 5, 5, 5, 5, 5, 10], seen.Take(10));
        Assert.Equal(4 + 2, _store.Written("/journal/").Count - before); // and those that open and close the step
    }

    [Fact]
    public void At_durability_Step_lines_appear_at_the_end()
    {
        TestFlow flow = null!;
        var seen = -1;
        flow = Chain(1, (context, _) =>
        {
            Write(context, FlowLogSource.Debug, "early");
            flow.Clock.Advance(TimeSpan.FromMinutes(1));
            seen = Lines().Length;
        });
        flow.Recorded(durability: FlowDurability.Step).Step("run");
        Assert.Equal((0, 1), (seen, Lines().Length));
    }

    [Fact]
    public void Lines_of_a_crashed_step_are_kept_and_folded_by_the_next_one()
    {
        var killed = new InterruptedStore(_store, "/journal/0000000006", () => throw new ProcessKilledException());
        var first = Chain(9, (context, i) => Write(context, FlowLogSource.Host, $"first {i}"), killed);
        Assert.Throws<ProcessKilledException>(() => first.Recorded(durability: FlowDurability.Task).Step("run"));
        string[] dead = [.. Enumerable.Range(0, 4).Select(i => $"first {i}")];
        Assert.Equal(dead, Lines());

        Chain(9, (context, i) => Write(context, FlowLogSource.Host, $"second {i}")).Recorded(durability: FlowDurability.Task).Step("run");

        Assert.Equal([.. dead, .. Enumerable.Range(4, 5).Select(i => $"second {i}")], Lines());
        Assert.Contains(Objects(), path => path.Contains("/log/", StringComparison.Ordinal));
        Assert.All(JournalSegments(), segment => Assert.All(segment.Records, record => Assert.False(record.HasLog)));
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2], Read().Where(entry => entry.Source == FlowLogSource.Host).Select(entry => entry.Step));
    }

    [Fact]
    public void A_step_without_a_log_folds_earlier_lines()
    {
        var options = new JournalOptions { MaxTail = 4 };
        Chain(6, (context, i) => Write(context, FlowLogSource.Host, $"kept {i}"), journal: options).Recorded(maxTasks: 1).Step("run");
        Assert.DoesNotContain(Objects(), path => path.Contains("/log/", StringComparison.Ordinal));
        var quiet = new RecordedSteps(Chain(6, (context, i) => Write(context, FlowLogSource.Host, $"not kept {i}"), journal: options).Flow, run => new(run) { NoLog = true });
        quiet.Step("run");
        Assert.Equal(["kept 0"], Lines());
        Assert.Contains(Objects(), path => path.Contains("/log/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_that_was_taken_over_adds_no_lines()
    {
        var second = Chain(3, (context, i) => Write(context, FlowLogSource.Host, $"second {i}"));
        TestFlow first = null!;
        first = Chain(3, (context, i) =>
        {
            Write(context, FlowLogSource.Host, $"first {i} early");
            if (i == 1)
            {
                _store.DeleteAsync(_store.Incarnation().Run.Lease, version: null, CancellationToken.None).Wait(); // as if it had ended
                second.Recorded().Step("run");
            }

            Write(context, FlowLogSource.Host, $"first {i} late");
            first.Clock.Advance(TimeSpan.FromMinutes(2)); // the log is due
        });
        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => first.Recorded(durability: FlowDurability.Task).Step("run")).Id);
        Assert.Equal(["first 0 early", "first 0 late", "second 1", "second 2"], Lines());
    }

    [Fact]
    public void The_first_quarter_and_the_newest_three_are_kept_with_a_count_of_dropped_lines()
    {
        const int Count = 100_000;
        TestFlow flow = null!;
        flow = Chain(1, (context, _) =>
        {
            for (var i = 0; i < Count; i++)
            {
                if (i % 10_000 == 0)
                    flow.Clock.Advance(TimeSpan.FromSeconds(6)); // in many records
                Write(context, FlowLogSource.Verbose, $"{i:D100}");
            }
        });
        flow.Recorded(durability: FlowDurability.Task).Step("run");

        var read = Read().Where(entry => entry.Source != FlowLogSource.State).ToArray();
        var dropped = Assert.Single(read, entry => entry.Source == FlowLogSource.Dropped);
        var kept = read.Where(entry => entry != dropped).Select(entry => int.Parse(entry.Text)).ToArray();
        var gap = Array.IndexOf(read, dropped);
        Assert.Equal(Enumerable.Range(0, gap), kept.Take(gap));
        Assert.Equal(Enumerable.Range(Count - (kept.Length - gap), kept.Length - gap), kept.Skip(gap));
        Assert.Contains((Count - kept.Length).ToString("N0", System.Globalization.CultureInfo.InvariantCulture), dropped.Text, StringComparison.Ordinal);
        Assert.InRange(kept.Sum(_ => 100 + 32 + 2) / (double)JournalOptions.Default.Log.MaxTaskBytes, 0.97, 1);
        Assert.InRange(gap / (double)kept.Length, 0.24, 0.26);
    }

    [Fact]
    public void The_log_of_a_step_is_bounded_for_any_number_of_tasks()
    {
        var bounds = new LogBounds(MaxTaskBytes: 1_000, MaxStepBytes: 10_000);
        var flow = Chain(100, (context, i) =>
        {
            for (var line = 0; line < 30; line++)
                Write(context, FlowLogSource.Host, $"{i} {line}");
        }, journal: new() { Log = bounds });
        flow.Recorded(durability: FlowDurability.Batch).Step("run");

        var read = Read().Where(entry => entry.Source != FlowLogSource.State).ToArray();
        Assert.InRange(read.Sum(entry => (entry.Source == FlowLogSource.Dropped ? 0 : entry.Text.Length) + entry.Task.Length + 32), 9_500, bounds.MaxStepBytes + 32);
        Assert.Single(read, entry => entry is { Source: FlowLogSource.Dropped, Task: "" });
        Assert.Equal("0 0", read[0].Text);
        Assert.Equal("99 29", read[^1].Text);
    }

    [Fact]
    public void Secrets_are_masked_before_lines_are_recorded()
    {
        var flow = Make();
        flow.Add(new("key", TestFlow.Body(_ => "hunter2-hunter2")) { IsSensitive = true });
        flow.Add(new("use", TestFlow.Body((context, arguments) =>
        {
            Assert.Equal("it is (secret)", context.Output!.Take(FlowLogSource.Host, $"it is {arguments[0].Value}"));
            return null;
        }))
        {
            InputFrom = [new("key", "key")],
        });
        flow.Recorded().Step("run");
        Assert.Equal(["it is (secret)"], Lines());
        Assert.All(Objects(), path => Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(new RunFiles(_store).Read(path)!.Value.Content), StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_line_is_cut_and_says_so()
    {
        Chain(1, (context, _) => Write(context, FlowLogSource.Host, new string('x', 100_000))).Recorded().Step("run");
        Assert.Equal(Limits.MaxLogLineLength, Lines().Single().Length);
        Assert.EndsWith("[cut: 100,000 characters in all]", Lines().Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(StoreMishap.Unavailable))]
    [InlineData(nameof(StoreMishap.LostAnswer))]
    public void A_temporarily_failing_store_neither_ends_a_step_nor_loses_its_log(string kind)
    {
        var mishap = Enum.Parse<StoreMishap>(kind);
        var store = new FaultyStore(_store);
        TestFlow flow = null!;
        flow = Chain(2, (context, i) =>
        {
            Write(context, FlowLogSource.Host, $"{i} before");
            if (i == 0)
            {
                for (var call = 1; call <= 4; call++)
                    store.At(store.Calls.Count + call, mishap); // the write and the look whether it has happened, twice
            }

            flow.Clock.Advance(TimeSpan.FromSeconds(6));
            Write(context, FlowLogSource.Host, $"{i} between");
            flow.Clock.Advance(TimeSpan.FromSeconds(6));
            Write(context, FlowLogSource.Host, $"{i} after");
        }, store);
        Assert.Equal(StateType.Success, flow.Recorded(durability: FlowDurability.Task).Step("run").StateType);
        Assert.Equal(["0 before", "0 between", "0 after", "1 before", "1 between", "1 after"], Lines());
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("empty")]
    public void A_damaged_log_segment_is_reported_and_the_run_continues(string damage)
    {
        var options = new JournalOptions { MaxLogInTail = 1 };
        var flow = Chain(8, (context, i) => Write(context, FlowLogSource.Host, $"line {i}"), journal: options);
        for (var step = 0; step < 3; step++)
            flow.Recorded(maxTasks: 1).Step("run");
        var path = Objects().Last(path => path.Contains("/log/", StringComparison.Ordinal));
        if (damage == "gone")
            Delete(path);
        else
            _store.WriteAsync(path, new MemoryStream(), WriteCondition.Always, CancellationToken.None).Wait();

        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        var faults = new List<FlowException>();
        var read = RunLog.Find(_store, "flow", "run")!.ReadNext(faults.Add)!;
        var fault = Assert.Single(faults);
        Assert.Equal(FlowErrorId.RunDamaged, fault.Id);
        Assert.Contains($"'{path}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(read, entry => entry.Text == "line 7");
        Assert.Equal(16, read.Count(entry => entry.Source == FlowLogSource.State));
    }

    [Fact]
    public void A_following_reader_gets_each_line_once()
    {
        TestFlow flow = null!;
        RunLog? log = null;
        var seen = new List<string>();
        flow = Chain(30, (context, i) =>
        {
            Write(context, FlowLogSource.Host, $"line {i}");
            log ??= RunLog.Find(_store, "flow", "run");
            if (i % 7 == 0)
                Follow();
        });
        for (var step = 0; step < 10; step++)
            flow.Recorded(maxTasks: 3).Step("run");
        Follow();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"line {i}"), seen);
        Assert.True(log!.IsOver());
        RunRemoval.Remove(_store.AllRuns().Single());
        Assert.Null(log.ReadNext(fault => throw fault));
        Assert.DoesNotContain(Objects(), path => path.Contains("/log/", StringComparison.Ordinal));

        void Follow() => seen.AddRange(log!.ReadNext(fault => throw fault)!.Where(entry => entry.Source == FlowLogSource.Host).Select(entry => entry.Text));
    }

    private int RequestsOf(int steps, int lines)
    {
        var store = new MeasuredStore(lines > 0 ? _store : RecordedFlowExtensions.NewStore());
        var flow = Chain(steps, (context, i) =>
        {
            for (var line = 0; line < lines; line++)
                Write(context, FlowLogSource.Host, $"{i} {line}");
        }, store);
        for (var step = 0; step < steps; step++)
            flow.Recorded(maxTasks: 1).Step("run");
        return store.Reads + store.Writes.Count + store.Deletes + store.Lists;
    }

    private static void Write(FlowContext context, FlowLogSource stream, string text) => _ = context.Output!.Take(stream, text);

    private TestFlow Make(IFlowStore? store = null, JournalOptions? journal = null) => new(options: new() { Store = store ?? _store }, journal: journal);

    private TestFlow Chain(int tasks, Action<FlowContext, int> body, IFlowStore? store = null, JournalOptions? journal = null)
    {
        var flow = Make(store, journal);
        for (var i = 0; i < tasks; i++)
        {
            var number = i;
            flow.Add(new($"t{i}", TestFlow.Body((context, _) =>
            {
                body(context, number);
                return null;
            })));
        }

        return flow;
    }

    private IReadOnlyList<FlowLogEntry> Read() => RunLog.Find(_store, "flow", "run")!.ReadNext(fault => throw fault)!;

    private string[] Lines() => [.. Read().Where(entry => entry.Source != FlowLogSource.State).Select(entry => entry.Text)];

    private static string Text(FlowLogEntry entry) => $"{entry.Task}/{entry.Attempt} {entry.Stream} {entry.Text}";

    private string[] Objects() => [.. new RunFiles(_store).List(string.Empty).Select(entry => entry.Path)];

    private void Delete(string path) => _store.DeleteAsync(path, version: null, CancellationToken.None).Wait();

    private IEnumerable<Segment> JournalSegments() =>
        Objects().Where(path => path.Contains("/segments/", StringComparison.Ordinal)).Select(path => Segment.Read(new RunFiles(_store).Read(path)!.Value.Content));
}
