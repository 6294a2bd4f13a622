using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Telemetry;

namespace PrefectPS.Engine.Tests.Telemetry;

/// <summary>What OpenTelemetry is told of runs, steps, attempts and requests, and that a run over many processes is one trace.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly string _name = $"told-{Guid.NewGuid():n}";
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-telemetry-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_that_travels_in_documents_is_one_trace()
    {
        var flow = new TestFlow(_name).Task("a").Task("b", "a");
        FlowState? run = null;
        var activities = Told(() =>
        {
            for (run = flow.New(); run.HasPending; run = flow.Travel(run))
                run = StepTaker.Take(new(new RunByState(run)) { Budget = new() { MaxTasks = 1 }, ResetCancelled = true }, Stop).Run;
        });

        var trace = Assert.Single(activities.Select(activity => activity.TraceId).Distinct());
        Assert.Equal(["run", "step", "step", "task a", "task b"], Names(activities));
        var steps = activities.Where(activity => activity.DisplayName.StartsWith("step", StringComparison.Ordinal)).ToArray();
        var others = activities.Where(activity => !activity.DisplayName.StartsWith("task", StringComparison.Ordinal));
        Assert.Equal(RunTrace.Of(run!).SpanId, Assert.Single(others.Select(activity => activity.ParentSpanId).Distinct()));
        Assert.Equal(steps.Select(step => step.SpanId), activities.Where(a => a.DisplayName.StartsWith("task", StringComparison.Ordinal)).Select(a => a.ParentSpanId));
        Assert.Equal(RunTrace.Of(run!).TraceId, trace);
        Assert.Equal(["1", "2"], steps.Select(step => Tag(step, "prefectps.step")));
        Assert.All(activities, activity => Assert.Equal((_name, run!.RunId), (Tag(activity, "cicd.pipeline.name"), Tag(activity, "cicd.pipeline.run.id"))));
        Assert.Equal(["success", "success", "success"], activities.Select(a => Tag(a, "cicd.pipeline.result") ?? Tag(a, "cicd.pipeline.task.run.result")).OfType<string>());
    }

    [Fact]
    public void A_recorded_run_is_one_trace_with_store_requests_in_its_steps()
    {
        var activities = Told(() =>
        {
            for (var step = 0; step < 2; step++)
            {
                var flow = new TestFlow(_name, new() { Store = new FolderStore(_folder) }).Task("a").Task("b", "a"); // as each process defines it
                StepTaker.Take(new(new RunById(flow.Flow, "run", RunParameters.None)) { Budget = new() { MaxTasks = 1 } }, Stop);
            }
        });

        Assert.Single(activities.Select(activity => activity.TraceId).Distinct());
        var requests = activities.Where(activity => activity.Kind == ActivityKind.Client).ToArray();
        Assert.Contains("write", requests.Select(request => Tag(request, "prefectps.store.operation")));
        var inside = activities.Except(requests).Select(activity => activity.SpanId).ToHashSet();
        Assert.All(requests, request => Assert.Contains(request.ParentSpanId, inside));
        Assert.All(requests, request => Assert.Equal(_folder, Tag(request, "prefectps.store.name")));
    }

    [Fact]
    public void Each_attempt_is_traced_with_its_error_and_a_failed_run_as_an_error()
    {
        var flow = new TestFlow(_name).Add(new("a", TestFlow.Body(_ => throw new TaskFailedException(new("no") { ExceptionType = "System.IO.IOException" })))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromHours(1)] },
        });
        var activities = Told(() => StepTaker.Take(new(new RunByState(flow.New())) { Budget = new() { Wait = true } }, Stop));

        var attempts = activities.Where(activity => activity.DisplayName == "task a").ToArray();
        Assert.Equal(["1", "2"], attempts.Select(attempt => Tag(attempt, "prefectps.attempt")));
        Assert.All(attempts, attempt => Assert.Equal((ActivityStatusCode.Error, "System.IO.IOException", "failure"),
            (attempt.Status, Tag(attempt, "error.type"), Tag(attempt, "cicd.pipeline.task.run.result"))));
        var run = Assert.Single(activities, activity => activity.DisplayName.StartsWith("run", StringComparison.Ordinal));
        Assert.Equal((ActivityStatusCode.Error, "failure"), (run.Status, Tag(run, "cicd.pipeline.result")));
        Assert.Equal(TimeSpan.FromHours(1), run.Duration);
    }

    [Fact]
    public void Parallel_bodies_are_children_of_the_step_only()
    {
        var flow = new TestFlow(TimeProvider.System, new() { }).Task("a").Task("b").Task("c", "a", "b");
        var request = new StepRequest(new RunByState(FlowState.New(flow.Flow))) { Budget = new() { Throttle = new(2) }, Pool = new ThreadPoolBodies() };
        var trace = RunTrace.Of(request.Run is RunByState { State: var given } ? given : null!).TraceId;
        var activities = Told(() => StepTaker.Take(request, Stop), trace);

        var step = Assert.Single(activities, activity => activity.DisplayName == "step flow");
        var attempts = activities.Where(activity => activity.DisplayName.StartsWith("task", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, attempts.Length);
        Assert.All(attempts, attempt => Assert.Equal(step.SpanId, attempt.ParentSpanId));
    }

    [Fact]
    public void A_body_is_the_parent_of_its_activities_and_a_step_links_its_caller()
    {
        Activity? inBody = null;
        var flow = new TestFlow(_name).Task("a", _ =>
        {
            inBody = Activity.Current;
            return null;
        });
        using var caller = new Activity("caller").Start();
        var activities = Told(() => StepTaker.Take(new(new RunByState(flow.New())), Stop));

        Assert.Same(Assert.Single(activities, activity => activity.DisplayName == "task a"), inBody);
        Assert.Equal([caller.Context], Assert.Single(activities, activity => activity.DisplayName == $"step {_name}").Links.Select(link => link.Context));
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public void Durations_are_measured_in_seconds_by_flow_and_task()
    {
        var metrics = new List<Metric>();
        using (Sdk.CreateMeterProviderBuilder().AddMeter(FlowTelemetry.Name).AddInMemoryExporter(metrics).Build())
        {
            var flow = new TestFlow(_name, new() { Store = new FolderStore(_folder) }) { BodyTime = TimeSpan.FromSeconds(3) }.Task("a").Task("b", "a");
            StepTaker.Take(new(new RunById(flow.Flow, "run", RunParameters.None)), Stop);
        }

        Assert.Equal(1, Counted("prefectps.step.duration", ("cicd.pipeline.name", _name)));
        Assert.Equal(1, Counted("cicd.pipeline.run.duration", ("cicd.pipeline.name", _name)));
        Assert.Equal(1, Counted("prefectps.task.attempt.duration", ("cicd.pipeline.name", _name), ("cicd.pipeline.task.name", "b")));
        Assert.True(Counted("prefectps.store.request.duration", ("prefectps.store.name", _folder), ("prefectps.store.operation", "write")) > 0);
        Assert.All(metrics, metric => Assert.Equal("s", metric.Unit));

        long Counted(string name, params (string Key, string Value)[] tags)
        {
            var count = 0L;
            foreach (ref readonly var point in metrics.Single(metric => metric.Name == name).GetMetricPoints())
            {
                var has = new Dictionary<string, object?>();
                foreach (var tag in point.Tags)
                    has[tag.Key] = tag.Value;
                if (Array.TrueForAll(tags, tag => Equals(has.GetValueOrDefault(tag.Key), tag.Value)))
                    count += point.GetHistogramCount();
            }

            return count;
        }
    }

    [Fact]
    public void Tracing_adds_nothing_to_documents()
    {
        var flow = new TestFlow(_name).Task("a").Task("b", "a");
        var given = flow.New();
        var silent = FlowStateWriter.Write(Take());
        var told = silent;
        Told(() => told = FlowStateWriter.Write(Take()));

        Assert.Equal(silent, told);

        FlowState Take() => StepTaker.Take(new(new RunByState(given)) { Budget = new() { MaxTasks = 1 } }, Stop).Run;
    }

    private List<Activity> Told(Action action, ActivityTraceId? trace = null)
    {
        var exported = new ConcurrentCollection();
        using (Sdk.CreateTracerProviderBuilder().AddSource(FlowTelemetry.Name).AddInMemoryExporter(exported).Build())
            action();
        // Other tests take steps meanwhile.
        var ours = exported.Where(activity => trace is null ? Tag(activity, "cicd.pipeline.name") == _name : activity.TraceId == trace)
            .Select(activity => activity.TraceId).ToHashSet();
        return [.. exported.Where(activity => ours.Contains(activity.TraceId)).OrderBy(activity => activity.StartTimeUtc)];
    }

    private static IEnumerable<string> Names(IEnumerable<Activity> activities) =>
        activities.Select(a => a.DisplayName.StartsWith("task", StringComparison.Ordinal) ? a.DisplayName : a.DisplayName.Split(' ')[0]).Order(StringComparer.Ordinal);

    private static string? Tag(Activity activity, string name) => Convert.ToString(activity.GetTagItem(name), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    /// <summary>A collection that the exporter may add to while others read it.</summary>
    private sealed class ConcurrentCollection : ICollection<Activity>
    {
        private readonly ConcurrentQueue<Activity> _items = new();

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public void Add(Activity item) => _items.Enqueue(item);

        public void Clear() => _items.Clear();

        public bool Contains(Activity item) => _items.Contains(item);

        public void CopyTo(Activity[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public IEnumerator<Activity> GetEnumerator() => _items.GetEnumerator();

        public bool Remove(Activity item) => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
