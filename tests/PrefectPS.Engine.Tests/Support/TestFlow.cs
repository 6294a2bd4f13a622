using Microsoft.Extensions.Time.Testing;
using PrefectPS.Caching;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A flow under test: bodies by delegate, a manual clock, sequential ids, and a record of executed bodies.</summary>
internal sealed class TestFlow
{
    private readonly string _source = string.Empty;
    private int _runs;

    /// <summary>A flow on the system clock, for tests that block threads.</summary>
    public TestFlow(TimeProvider clock, FlowOptions? options = null) => Flow = new("flow", new FlowServices { Clock = clock }, options ?? new());

    public TestFlow(string name = "flow", FlowOptions? options = null, FakeTimeProvider? clock = null, bool checkpoints = true, SessionCache? session = null,
        string source = "delegate", LeaseOptions? lease = null, IValueAdapter? values = null, int? maxResultBytes = null, JournalOptions? journal = null,
        int? maxDocumentBytes = null)
    {
        Clock = clock ?? Clock;
        _source = source;
        Flow = new(
            name,
            new FlowServices
            {
                Clock = Clock,
                NewRunId = _ => $"run-{++_runs}",
                Chance = () => 0.5,
                SessionCache = session ?? new(),
                Checkpoints = () => checkpoints,
                Sleep = (time, _) => Sleep(time),
                Values = values ?? PlainValueAdapter.Instance,
                MaxDocumentBytes = maxDocumentBytes ?? Limits.MaxDocumentBytes,
                MaxResultBytes = maxResultBytes ?? Limits.MaxDocumentBytes,
                Lease = lease ?? LeaseOptions.Default,
                Journal = journal ?? JournalOptions.Default,
            },
            options ?? new());
    }

    public static DateTimeOffset Start { get; } = new(2026, 11, 24, 8, 30, 15, TimeSpan.Zero);

    public Flow Flow { get; }

    public FakeTimeProvider Clock { get; } = new(Start);

    /// <summary>Slugs of executed tasks, in order.</summary>
    public List<string> Ran { get; } = [];

    /// <summary>Duration of each body; zero by default.</summary>
    public TimeSpan BodyTime { get; set; }

    /// <summary>Called when a body begins; null for none.</summary>
    public Action<FlowContext>? Begins { get; set; }

    /// <summary>Called when a step waits; null for none.</summary>
    public Action<TimeSpan>? Sleeps { get; set; }

    /// <summary>Waits of the steps, in order.</summary>
    public List<TimeSpan> Slept { get; } = [];

    public TestFlow Task(string name, params string[] after) => Add(new(name, Body(_ => null)) { After = after });

    public TestFlow Task(string name, Func<TaskArguments, object?> body, params string[] after) =>
        Add(new(name, Body(body)) { After = after });

    public TestFlow Add(TaskOptions options)
    {
        var body = options.Body;
        Flow.Add(options with
        {
            Body = body is null ? null : new DelegateBody((context, arguments) =>
            {
                lock (Ran)
                    Ran.Add(context.TaskName);
                if (BodyTime > TimeSpan.Zero)
                    Clock.Advance(BodyTime);
                Begins?.Invoke(context);
                return body.Run(context, arguments);
            }, body.Source is { Length: > 0 } own ? own : _source),
        });
        return this;
    }

    public static ITaskBody Body(Func<TaskArguments, object?> body) => new DelegateBody((_, arguments) => body(arguments), string.Empty);

    public static ITaskBody Body(Func<FlowContext, TaskArguments, object?> body, string source = "") => new DelegateBody(body, source);

    public FlowState New() => FlowState.New(Flow);

    public FlowState Step(FlowState run, int? maxTasks = null, bool reset = false) =>
        StepRunner.Run(
            run, new() { Budget = new() { MaxTasks = maxTasks }, ResetCancelled = reset }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Takes one waiting step of the given or a new run.</summary>
    public FlowState RunAll(FlowState? given = null) =>
        StepRunner.Run(given ?? New(), new() { Budget = new() { Wait = true } }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Returns the run as the next process would read it.</summary>
    public FlowState Travel(FlowState run) => FlowStateReader.Read(Flow, FlowStateWriter.Write(run)).Run;

    /// <summary>Takes steps of a number of tasks, each through JSON, until nothing is pending.</summary>
    public List<FlowState> RunInSteps(int maxTasks, int atMost = 100)
    {
        var steps = new List<FlowState>();
        for (var run = New(); run.HasPending; run = Travel(run))
        {
            Assert.True(steps.Count < atMost, $"still pending after {atMost} steps");
            steps.Add(run = Step(run, maxTasks, reset: true));
        }

        return steps;
    }

    private void Sleep(TimeSpan time)
    {
        Slept.Add(time);
        Sleeps?.Invoke(time);
        Clock.Advance(time);
    }

    private sealed class DelegateBody(Func<FlowContext, TaskArguments, object?> body, string source) : ITaskBody
    {
        public string Source => source;

        public object? Run(FlowContext context, TaskArguments arguments) => body(context, arguments);
    }
}
