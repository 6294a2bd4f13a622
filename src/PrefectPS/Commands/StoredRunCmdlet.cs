using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>What the cmdlets that look for runs on record share: in which store, and which of them.</summary>
public abstract class StoredRunCmdlet : FlowCmdlet
{
    private protected const string FlowSet = "Flow";
    private protected const string StoreSet = "Store";

    /// <summary>The flow whose runs are wanted, in its store.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The store whose runs are wanted, those of all flows.</summary>
    [Parameter(ParameterSetName = StoreSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public object Store { get; set; } = string.Empty;

    /// <summary>Names of flows; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = StoreSet)]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Ids of runs; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = StoreSet)]
    [SupportsWildcards]
    public string[]? RunId { get; set; }

    /// <summary>States, of which a run must be in one.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = StoreSet)]
    public StateType[]? State { get; set; }

    /// <summary>Only runs whose last step ended at least so long ago.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = StoreSet)]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>The runs, the newest first. An id without wildcards that there is no run of is an error.</summary>
    private protected IReadOnlyList<FlowRun> FindRuns()
    {
        var store = ParameterSetName == FlowSet ? Flow.Store ?? throw FlowErrors.RunWithoutStore(Flow) : StoreResolver.Resolve(Store, SessionState);
        var index = new RunIndex(new(store));
        IReadOnlyList<FlowRun> all = ParameterSetName == FlowSet ? [.. index.AllRuns(Flow.Name, WriteError).Select(run => run.With(Flow))] : index.AllRuns(flow: null, WriteError);
        foreach (var id in (RunId ?? []).Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && all.All(run => !Same(run.RunId, id))))
            WriteError(FlowErrors.RunNotFound(store.Name, id));
        var until = OlderThan is { } age ? DateTimeOffset.UtcNow - age : DateTimeOffset.MaxValue;
        return [.. all.Where(run => Matches(Name, run.Flow) && Matches(RunId, run.RunId) && State?.Contains(run.State) != false && run.Updated <= until)];
    }

    private static bool Matches(string[]? patterns, string text) =>
        patterns is null || patterns.Any(pattern => TaskSelector.Pattern(pattern).IsMatch(text) || Same(pattern, text));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
