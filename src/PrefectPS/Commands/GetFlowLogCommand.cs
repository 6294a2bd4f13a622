using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the log of a recorded run: what its tasks wrote, and what became of them.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowLog", DefaultParameterSetName = RunSet)]
[OutputType(typeof(FlowLogEntry))]
public sealed class GetFlowLogCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string StateSet = "State";
    private const string FlowSet = "Flow";

    // A step writes lines every few seconds, so a store that charges for requests is polled no more often than that.
    private static readonly TimeSpan LocalInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemoteInterval = JournalOptions.Default.LogInterval;

    private LogFilter _filter = null!; // set in BeginProcessing

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
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string? RunId { get; set; }

    /// <summary>Slugs of tasks; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskSlugCompleter))]
    public string[]? Task { get; set; }

    /// <summary>The streams to show, including changes of states.</summary>
    [Parameter]
    public FlowLogSource[]? Stream { get; set; }

    /// <summary>How many lines to show, the last of the selected ones.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Show new lines until the run is finished.</summary>
    [Parameter]
    [Alias("Follow")]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _filter = new(Task, Stream);

    /// <inheritdoc/>
    protected override void Process()
    {
        var run = Find();
        var store = run.Provider;
        var log = RunLog.Find(store, run.Flow, run.RunId) ?? throw FlowErrors.RunNotFound(store.Name, run.RunId);
        var isOver = log.IsOver();
        var lines = (log.ReadNext(WriteError) ?? []).Where(_filter.Takes).ToList();
        if (_filter.NotFound is { Length: > 0 } names)
            TellMissing(run, names);
        WriteObject(Tail is { } count && lines.Count > count ? lines.Skip(lines.Count - count) : lines, enumerateCollection: true);
        while (Wait && !isOver)
        {
            if (StopToken.WaitHandle.WaitOne(store is ILocalStore ? LocalInterval : RemoteInterval))
                throw new PipelineStoppedException();
            isOver = log.IsOver(); // read before the lines, so that the last step's lines are not missed
            if (log.ReadNext(WriteError) is not { } next)
                return;
            WriteObject(next.Where(_filter.Takes), enumerateCollection: true);
        }
    }

    // A task that has not started has no lines either. The tasks of subflows are known only with the flow.
    private void TellMissing(FlowRun given, string[] names)
    {
        if (given.Definition is null)
            names = [.. names.Where(name => !name.Contains('/'))];
        var run = RunOnRecord.Read(given, _ => { });
        foreach (var name in new TaskSelector(run.Flow, names, run: run).MissingNamesIn(run))
            WriteError(ModuleErrors.LogWithoutTask(run, name));
    }

    private FlowRun Find() => ParameterSetName switch
    {
        RunSet => Run,
        FlowSet => RunOnRecord.Of(Flow, RunId),
        _ => RunRequest.Of(State.Flow.Store is null ? throw FlowErrors.RunWithoutLog(State) : State.Flow, State.RunId),
    };
}
