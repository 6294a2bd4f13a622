using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets all that happened in a run: every change of a task's state.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowHistory", DefaultParameterSetName = RunSet)]
[OutputType(typeof(FlowTransition))]
public sealed class GetFlowHistoryCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string StateSet = "State";
    private const string FlowSet = "Flow";

    /// <summary>The run, as Get-FlowRun gets it.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowRun Run { get; set; } = null!;

    /// <summary>The run, as a step or a state document left it.</summary>
    [Parameter(ParameterSetName = StateSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>The flow, in whose store the run is.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The id of the run.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [RunIdTransformation]
    public string RunId { get; set; } = string.Empty;

    /// <summary>Slugs of tasks; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskSlugCompleter))]
    public string[]? Task { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var transitions = Find();
        var slugs = transitions.Select(transition => transition.Task).Distinct(StringComparer.Ordinal).ToList();
        var chosen = Task is null ? slugs : Task.SelectMany(name => Choose(slugs, name));
        var wanted = new HashSet<string>(chosen, StringComparer.Ordinal);
        WriteObject(transitions.Where(transition => wanted.Contains(transition.Task)), enumerateCollection: true);
    }

    // The flow is not always at hand: a name means the slug that is just that, then those in any child of a mapped subflow, then it is a wildcard.
    private static List<string> Choose(List<string> slugs, string name)
    {
        var exact = slugs.FindAll(slug => Same(slug, name));
        if (exact.Count == 0)
            exact = slugs.FindAll(slug => Same(TaskName.WithoutSubflowIndexes(slug), name));
        return exact.Count > 0 ? exact : slugs.FindAll(TaskSelector.Pattern(name).IsMatch);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private IReadOnlyList<FlowTransition> Find() => ParameterSetName switch
    {
        RunSet => RunHistory.Find(Run.Provider, Run.Flow, Run.RunId)?.All ?? throw FlowErrors.RunNotFound(Run.Store, Run.RunId),
        FlowSet => Find(Flow, RunId) ?? throw FlowErrors.RunNotFound(Flow.StoreName!, RunId),
        _ => (State.Flow.Store is null ? null : Find(State.Flow, State.RunId)) ?? [.. StateHistory.Of(State)],
    };

    private static IReadOnlyList<FlowTransition>? Find(Flow flow, string runId) =>
        RunHistory.Find(flow.Store ?? throw FlowErrors.RunWithoutStore(flow), flow.Name, runId)?.All;
}
