using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The flow most rows have: one task <c>t</c>, watched by a state handler, and those after it that the row tells of.</summary>
internal sealed class TaskUnderTrial
{
    private const string Name = "t";
    private const string AfterIt = "downstream_";
    private readonly RecordingHandler _handler = new();
    private readonly List<int> _attempts = [];

    public TaskUnderTrial(ReferenceRow row, Func<FlowContext, object?> body, RetryPolicy? retry = null, ITrigger? trigger = null, TimeSpan? timeout = null)
    {
        Flow = timeout is null ? new() : new(TimeProvider.System);
        Flow.Add(new(Name, TestFlow.Body((context, _) => Note(context, body)))
        {
            Retry = retry,
            Timeout = timeout,
            Trigger = trigger ?? Trigger.AllSuccessful,
            StateHandlers = [_handler],
        });
        foreach (var property in row.Seen.EnumerateObject().Where(p => p.Name.StartsWith(AfterIt, StringComparison.Ordinal)))
            Flow.Add(After(property.Name, skipsToo: !property.Name.EndsWith("noskip", StringComparison.Ordinal)));
    }

    public TestFlow Flow { get; }

    /// <summary>A signal, as a body throws it.</summary>
    public static FlowSignalException Signal(StateType type, string? message, object? result = null, DateTimeOffset? due = null, bool endsRun = false) =>
        new(new(type, message) { Result = TaskResult.Of(result), DueTime = due }, endsRun || type == StateType.Paused);

    /// <summary>An error of a type of the reference's language, which says nothing else.</summary>
    public static TaskFailedException Error(string type, string message) => new(new(message) { ExceptionType = type });

    public Sightings Run() => Look(Flow.RunAll());

    /// <summary>As <see cref="Run"/>, with bodies that can be stopped.</summary>
    public Sightings RunBeside() => Look(StepRunner.Run(
        Flow.New(), new() { Budget = new() { Throttle = new Throttle(1) }, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken));

    /// <summary>What a run of it shows.</summary>
    public Sightings Look(FlowState run)
    {
        var sightings = Sightings.Of(run);
        sightings["task"] = run.Of(Name);
        sightings["history"] = string.Join('\n', _handler.Changes.Select(change => change[(Name.Length + 2)..].TrimEnd(' ', ':')));
        sightings["invocations"] = _attempts.Count;
        sightings["task_run_count_seen"] = string.Join('\n', _attempts);
        return sightings;
    }

    private object? Note(FlowContext context, Func<FlowContext, object?> body)
    {
        _attempts.Add(context.RunCount);
        return body(context);
    }

    private static TaskOptions After(string name, bool skipsToo) =>
        new(name, TestFlow.Body(_ => 1)) { After = [Name], SkipOnUpstreamSkip = skipsToo };
}
