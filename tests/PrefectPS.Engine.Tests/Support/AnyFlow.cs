using Microsoft.Extensions.Time.Testing;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A random flow with its subflows.</summary>
internal sealed class AnyFlow
{
    private readonly List<TestFlow> _inner = [];
    private readonly FakeTimeProvider _clock = new(TestFlow.Start);

    private static readonly Dictionary<string, int> Limits = new(StringComparer.Ordinal) { ["few"] = 1 };

    private readonly IFlowStore? _store;
    private readonly JournalOptions? _journal;

    public AnyFlow(IReadOnlyList<TaskSpec> specs, IFlowStore? store = null, JournalOptions? journal = null)
    {
        _store = store;
        _journal = journal;
        Flow = Make("flow", specs, isOuter: true);
    }

    public TestFlow Flow { get; }

    /// <summary>Sorted executed bodies, including those of subflows.</summary>
    public IEnumerable<string> AllRan => _inner.SelectMany(inner => inner.Ran.Select(task => $"{inner.Flow.Name}/{task}")).Concat(Flow.Ran).Order(StringComparer.Ordinal);

    /// <summary>Paths of undone tasks and children, including those of subflows, in order. Only tasks that fail at first cannot be undone.</summary>
    public List<string> Undone { get; } = [];

    /// <summary>Everything that must be equal for two runs of equal flows.</summary>
    public static string Describe(FlowState run) =>
        $"{run.State} {run.Message}\n" + string.Join('\n', run.Tasks.SelectMany(t => t.Children.Prepend(t)).Select(t =>
            $"{t.Slug} {t.State} {t.Message} {ShowResult(t)} {(t.Subflow is { } inner ? $"{{{Describe(inner)}}}" : "")}"));

    /// <summary>Resets a task and everything downstream.</summary>
    public static FlowState SetBack(FlowState run, string task) => new StateEdit
    {
        Chooses = (candidate, _, _, path) => path.Length == 0 && candidate.Name == task,
        To = StateType.Pending,
        Change = (_, state, _, isStale) => state.Reset(message: null, isStale),
        IncludesDownstream = true,
    }.Of(run);

    /// <summary>Bodies, including those of subflows, take this long in their first execution, and stop on request.</summary>
    public void StopFirstRuns(TimeSpan time, Func<int, bool> which)
    {
        var begun = new HashSet<(TestFlow, string, int?)>();
        foreach (var flow in _inner.Append(Flow))
        {
            flow.Begins = context =>
            {
                if (!begun.Add((flow, context.TaskName, context.MapIndex)) || !which(begun.Count))
                    return;
                _clock.Advance(time);
                context.CancellationToken.ThrowIfCancellationRequested();
            };
        }
    }

    /// <summary>Reports each started body by its path, including those of subflows.</summary>
    public void Watch(Action<string> begins)
    {
        foreach (var flow in _inner.Append(Flow))
            flow.Begins = context => begins(context.Output!.Label);
    }

    /// <summary>Approves all tasks of the run that wait for approval.</summary>
    public static FlowState Approve(FlowState run) =>
        run.Change((_, state) => state.AwaitsApproval ? state.Postpone(StateType.Resume, message: null) : state);

    private static string ShowResult(FlowTaskState task) => task.Inner.IsResultSecret || task.Inner.IsResultLost ? "secret" : TaskSpec.Show(task.Result);

    private TestFlow Make(string name, IReadOnlyList<TaskSpec> specs, bool isOuter)
    {
        var parameters = new ParameterDefaults([new("p0", null), new("p1", null), new("p2", null)]);
        var options = new FlowOptions { Store = _store, MaxCrashes = 100, Parameters = parameters };
        var flow = new TestFlow(name, _store is null ? options : options with { ConcurrencyLimits = Limits }, _clock, journal: _journal);
        for (var i = 0; i < specs.Count; i++)
        {
            int[] upstream = i == 0 ? [] : [.. specs[i].Upstream.Select(u => u % i).Distinct()];
            flow.Add(ToOptions(specs[i], $"t{i}", [.. upstream.Select(u => $"t{u}")], isOuter));
        }

        return flow;
    }

    private TaskOptions ToOptions(TaskSpec spec, string name, string[] upstream, bool isOuter)
    {
        var options = spec.ToOptions(name, upstream, caches: isOuter);
        if (spec.Inner.Count == 0)
            return spec.Kind == 3 ? options : options with { Undo = new RecordingUndo((context, _) => Undone.Add(context.Output!.Label)) };
        var inner = Make($"in {name}", spec.Inner, isOuter: false);
        _inner.Add(inner);
        return options with { Body = null, Subflow = inner.Flow };
    }
}
