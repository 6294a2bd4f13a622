using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the history of a run: every change of a task's state.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowHistory", DefaultParameterSetName = RunSet)]
[OutputType(typeof(FlowTransition))]
public sealed class GetFlowHistoryCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string StateSet = "State";
    private const string FlowSet = "Flow";

    /// <summary>The run, from Get-FlowRun.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowRun Run { get; set; } = null!;

    /// <summary>The run, as returned by a step or read from a state document.</summary>
    [Parameter(ParameterSetName = StateSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>The flow whose store contains the run.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The id of the run; the newest one by default.</summary>
    [Parameter(ParameterSetName = FlowSet, Position = 1)]
    [ValidateNotNullOrEmpty]
    [RunIdTransformation]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string? RunId { get; set; }

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

    // The flow may not be available: a name matches the exact slug, then that slug in any child of a mapped subflow, then as a wildcard.
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
        RunSet => Find(Run),
        FlowSet => Find(RunOnRecord.Of(Flow, RunId)),
        _ => (State.Flow.Store is { } store ? RunHistory.Find(store, State.Flow.Name, State.RunId)?.All : null) ?? [.. StateHistory.Of(State)],
    };

    private static IReadOnlyList<FlowTransition> Find(FlowRun run) =>
        RunHistory.Find(run.Provider, run.Flow, run.RunId)?.All ?? throw FlowErrors.RunNotFound(run.Store, run.RunId);
}
