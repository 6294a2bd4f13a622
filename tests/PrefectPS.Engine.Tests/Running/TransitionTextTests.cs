using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What a step tells of its tasks, in words.</summary>
public class TransitionTextTests
{
    [Fact]
    public void Every_change_is_logged_with_time_attempt_duration_and_reason()
    {
        var flow = new TestFlow { BodyTime = TimeSpan.FromSeconds(72) };
        var fails = 1;
        flow.Add(new("load", TestFlow.Body(_ => fails-- > 0 ? throw new InvalidOperationException("no room\nat all") : 1))
        {
            Retry = new() { MaxRetries = 3, Delays = [TimeSpan.FromMinutes(1)] },
        });
        flow.Task("skipped", _ => throw RecordingHandler.Signal(StateType.Skipped, "not today"), "load");
        flow.Task("behind", "skipped");
        Assert.Equal(
            [
                "08:30:15 load: Running (attempt 1 of 4)",
                "08:31:27 load: Failed in 00:01:12: Error during execution of task: no room",
                "08:31:27 load: Retrying (attempt 2 of 4, at 08:32:27)",
                "08:32:27 load: Running (attempt 2 of 4)",
                "08:33:39 load: Success in 00:01:12",
                "08:33:39 skipped: Running",
                "08:34:51 skipped: Skipped (not today)",
                $"08:34:51 behind: Skipped ({StateMessages.UpstreamSkipped})",
            ],
            Run(flow).Changes);
    }

    [Fact]
    public void Each_ended_task_and_child_is_logged_once()
    {
        var inner = new TestFlow("inner").Task("ok");
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2 });
        flow.Add(new("each", TestFlow.Body(_ => 1)) { Map = [new("x", "list")] });
        flow.Add(new("s", Body: null) { Subflow = inner.Flow });
        flow.Task("bad", _ => throw new InvalidOperationException("broken"));
        var (changes, ends) = Run(flow);
        Assert.Equal(
            [
                "list: Success in 00:00:00.000", "each[0]: Success in 00:00:00.000", "each[1]: Success in 00:00:00.000", "s/ok: Success in 00:00:00.000",
                "s: Success in 00:00:00.000", "bad: Failed in 00:00:00.000: Error during execution of task: broken",
            ],
            ends);
        Assert.Contains("08:30:15 each: Mapped (2 children)", changes);
        Assert.Contains("08:30:15 s/ok: Running", changes);
    }

    [Fact]
    public void Interrupted_tasks_are_logged_as_not_ended()
    {
        var flow = new TestFlow().Task("a").Task("b");
        var log = new Log();
        StepRunner.Run(flow.New(), new() { Budget = new() { MaxTasks = 1 }, Log = log }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("08:30:15 b: Cancelled (Flow run is cancelled)", log.Changes[^1]);
        Assert.Equal(["a: Success in 00:00:00.000"], log.Ends);
    }

    [Fact]
    public void Secrets_and_terminal_sequences_are_masked()
    {
        var flow = new TestFlow();
        flow.Add(new("key", TestFlow.Body(_ => "hunter2-hunter2")) { IsSensitive = true });
        flow.Add(new("use", TestFlow.Body(a => throw new InvalidOperationException($"\u001b[2J{a[0].Value}"))) { InputFrom = [new("k", "key")] });
        var (changes, ends) = Run(flow);
        Assert.DoesNotContain(changes.Concat(ends), line => line.Contains("hunter2", StringComparison.Ordinal) || line.Contains('\u001b', StringComparison.Ordinal));
        Assert.Contains($"\uFFFD[2J{SecretMask.Mark}", ends[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_runs_log_each_task_in_its_order()
    {
        var flow = new TestFlow().Task("a").Task("b").Task("c", "a", "b");
        var (changes, _) = Run(flow, throttle: 3);
        foreach (var task in new[] { "a", "b", "c" })
        {
            Assert.Equal(
                [$"{task}: Running", $"{task}: Success in 00:00:00.000"],
                changes.Select(line => line.Substring("08:30:15 ".Length)).Where(line => line.StartsWith($"{task}:", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void What_a_body_writes_is_labelled_with_its_path_and_masked()
    {
        var labels = new List<string>();
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("k", null)]) });
        inner.Add(new("each", TestFlow.Body((context, _) =>
        {
            labels.Add($"{context.Output!.Label}: {context.Output.Take(FlowLogSource.Host, "it is hunter2-hunter2")}");
            return null;
        }))
        { MapSources = [MapSource.Of("x", new[] { 1, 2 })], Parameters = ["k"] });
        var flow = new TestFlow();
        flow.Add(new("key", TestFlow.Body(_ => "hunter2-hunter2")) { IsSensitive = true });
        flow.Add(new("s", Body: null) { Subflow = inner.Flow, InputFrom = [new("k", "key")] });
        flow.RunAll();
        Assert.Equal([$"s/each[0]: it is {SecretMask.Mark}", $"s/each[1]: it is {SecretMask.Mark}"], labels);
    }

    private static (List<string> Changes, List<string> Ends) Run(TestFlow flow, int throttle = 0)
    {
        var log = new Log();
        var options = new StepOptions
        {
            Budget = new() { Wait = true, Throttle = throttle > 0 ? new(throttle) : null },
            Pool = throttle > 0 ? new ThreadPoolBodies() : null,
            Log = log,
        };
        StepRunner.Run(flow.New(), options, cancellationToken: TestContext.Current.CancellationToken);
        return (log.Changes, log.Ends);
    }

    private sealed class Log : ITransitionLog
    {
        public List<string> Changes { get; } = [];

        public List<string> Ends { get; } = [];

        public void Add(in TaskEvent taskEvent)
        {
            if (taskEvent.Kind != TaskEventKind.Settled)
                Changes.Add(TransitionText.OfChange(taskEvent));
            else if (taskEvent.To.IsFinished)
                Ends.Add(TransitionText.OfEnd(taskEvent));
        }
    }
}
