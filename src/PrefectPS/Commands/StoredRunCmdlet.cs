using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary>Parameters of cmdlets that look up recorded runs: the store, and which runs.</summary>
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
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object Store { get; set; } = string.Empty;

    /// <summary>Names of flows; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = StoreSet)]
    [SupportsWildcards]
    [Alias("Name")]
    public string[]? FlowName { get; set; }

    /// <summary>Ids of runs; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = StoreSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string[]? RunId { get; set; }

    /// <summary>States, of which a run must be in one.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = StoreSet)]
    public StateType[]? State { get; set; }

    /// <summary>Only runs whose last step ended at least so long ago.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = StoreSet)]
    [DaysTransformation]
    [NoNegativeDuration]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>The runs, the newest first. An id without wildcards that there is no run of is an error.</summary>
    private protected IReadOnlyList<FlowRun> FindRuns()
    {
        var store = ChosenStore;
        var index = new RunIndex(new(store));
        var faults = new List<FlowException>();
        IReadOnlyList<FlowRun> all = ParameterSetName == FlowSet ? [.. index.AllRuns(Flow.Name, faults.Add).Select(Define)] : index.AllRuns(flow: null, faults.Add);
        var unread = new List<FlowRun>();
        foreach (var id in (RunId ?? []).Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && all.All(run => !Same(run.RunId, id))))
        {
            FlowRun[] found = [.. NamedFlows.Select(flow => FindUnread(store, flow, id)).OfType<FlowRun>().Select(Define)];
            unread.AddRange(found);
            if (found.Length == 0 && !faults.Exists(fault => Concerns(fault, id)))
                WriteError(FlowErrors.RunNotFound(store.Name, id));
        }

        var until = OlderThan is { } age ? DateTimeOffset.UtcNow - age : DateTimeOffset.MaxValue;
        FlowRun[] read = [.. all.Where(run => Matches(FlowName, run.Flow) && Matches(RunId, run.RunId) && State?.Contains(run.StateType) != false && run.UpdateTime <= until)];
        foreach (var fault in faults.Where(fault => MayConcern(fault) && !unread.Concat(Removes ? read : []).Any(run => IsOf(fault, run))))
            WriteError(fault);
        return [.. unread, .. read];
    }

    /// <summary>True if the runs are being removed: damage is then not reported, because the error would end a script that stops at errors.</summary>
    private protected virtual bool Removes => false;

    /// <summary>The store that is looked in.</summary>
    private protected IFlowStore ChosenStore => ParameterSetName == FlowSet ? Flow.Store ?? throw FlowErrors.RunWithoutStore(Flow) : StoreResolver.Resolve(Store, SessionState);

    /// <summary>Finds a run of which something is there, though it cannot be read; null for none.</summary>
    private protected virtual FlowRun? FindUnread(IFlowStore store, string flow, string runId) => null;

    /// <summary>The run with its flow, where that is at hand.</summary>
    private protected FlowRun Define(FlowRun run) => ParameterSetName == FlowSet && run.Flow == Flow.Name ? run.With(Flow) : run;

    private IEnumerable<string> NamedFlows => ParameterSetName == FlowSet ? [Flow.Name] : (FlowName ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name));

    private static bool IsOf(FlowException fault, FlowRun run) =>
        fault.Target is string target && (target == run.RunId || target == run.Folder.Open || target.StartsWith(run.Folder.AllDone, StringComparison.Ordinal));

    // Who names a run is not to fail by the damage of another one.
    private bool MayConcern(FlowException fault) => RunId is null || RunId.Any(id => WildcardPattern.ContainsWildcardCharacters(id) || Concerns(fault, id));

    // A run's name is a part of the paths of what it has.
    private static bool Concerns(FlowException fault, string id) => fault.Target is not string target || Same(target, id)
        || (StorePath.Escape(id) is var name && Array.Exists(target.Split('/'), part => Same(part, name) || Same(part, $"{name}.json")));

    private protected static bool Matches(string[]? patterns, string text) =>
        patterns is null || patterns.Any(pattern => TaskSelector.Pattern(pattern).IsMatch(text) || Same(pattern, text));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
