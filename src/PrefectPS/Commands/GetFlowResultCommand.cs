using System.Collections.Specialized;
using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the results of tasks, of a run or from a store.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowResult", DefaultParameterSetName = PipedSet)]
[OutputType(typeof(object))]
public sealed class GetFlowResultCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string PipedSet = "Piped";
    private const string FlowSet = "Flow";
    private const string StoredRunSet = "StoredRun";
    private const string LocationSet = "Location";

    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private OrderedDictionary? _table;

    /// <summary>The run whose results are wanted.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0)]
    public FlowState FlowState { get; set; } = null!;

    /// <summary>The flow whose store contains the run.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>A run, a recorded run, a task of a run with its state, or a flow, which stands for its newest run, from the pipeline.</summary>
    [Parameter(ParameterSetName = PipedSet, Mandatory = true, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>Names or slugs of tasks; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = RunSet, Position = 1)]
    [Parameter(ParameterSetName = FlowSet, Position = 1)]
    [Parameter(ParameterSetName = PipedSet, Position = 0)]
    [Parameter(ParameterSetName = StoredRunSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? Task { get; set; }

    /// <summary>The store that the run or the result is in.</summary>
    [Parameter(ParameterSetName = StoredRunSet, Mandatory = true)]
    [Parameter(ParameterSetName = LocationSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object Store { get; set; } = string.Empty;

    /// <summary>The id of a run that is on record in the store; of a flow the newest one by default.</summary>
    [Parameter(ParameterSetName = StoredRunSet, Mandatory = true)]
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = PipedSet)]
    [ValidateNotNullOrEmpty]
    [RunIdTransformation]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string? RunId { get; set; }

    /// <summary>The name of the run's flow; looked for by default.</summary>
    [Parameter(ParameterSetName = StoredRunSet)]
    [ValidateNotNullOrEmpty]
    public string? FlowName { get; set; }

    /// <summary>Location in the store.</summary>
    [Parameter(ParameterSetName = LocationSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ResultLocation")]
    [ValidateNotNullOrEmpty]
    public string[] Location { get; set; } = [];

    /// <summary>Format of the result, instead of the one implied by its extension.</summary>
    [Parameter(ParameterSetName = LocationSet)]
    [ValidateSet("Json", "Clixml", "Text", "Bytes", "File")]
    public string? Serializer { get; set; }

    /// <summary>Return one table of all results, by the tasks' slugs.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    [Parameter(ParameterSetName = PipedSet)]
    [Parameter(ParameterSetName = StoredRunSet)]
    public SwitchParameter AsHashtable { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (AsHashtable)
            _table ??= new(StringComparer.OrdinalIgnoreCase);
        switch (ParameterSetName)
        {
            case LocationSet:
                WriteStored();
                break;
            case StoredRunSet:
                WriteResults(FindRun());
                break;
            case RunSet:
                WriteResults(FlowState);
                break;
            case FlowSet:
                WriteResults(Read(Flow));
                break;
            default:
                WriteResults(PowerShellValues.Instance.Unwrap(InputObject) is var given && (RunId is null || given is Flow) ? given : throw ModuleErrors.RunIdWithoutFlow(given));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (_table is not null)
            WriteObject(_table);
    }

    private FlowState FindRun()
    {
        var store = StoreResolver.Resolve(Store, SessionState);
        var flow = FlowName ?? new RunIndex(new(store)).AllRuns(flow: null, _ => { }).FirstOrDefault(run => run.RunId == RunId)?.Flow;
        return (flow is null ? null : OutlinedRun.Read(store, flow, RunId!, SessionServices.Create())) ?? throw FlowErrors.RunNotFound(store.Name, RunId!);
    }

    private FlowState Read(Flow flow) => RunOnRecord.Read(RunOnRecord.Of(flow, RunId), Warn);

    private void WriteResults(object? source)
    {
        switch (source)
        {
            case FlowState run:
                WriteResults(run);
                break;
            case FlowRun run:
                WriteResults(RunOnRecord.Read(run, Warn));
                break;
            case Flow flow:
                WriteResults(Read(flow));
                break;
            case FlowTaskState task:
                WriteResults(task);
                break;
            default:
                throw ModuleErrors.NoResults(source);
        }
    }

    private void WriteStored()
    {
        var results = new ResultStore(StoreResolver.Resolve(Store, SessionState), SessionServices.Create().Serializers);
        foreach (var location in Location)
            Try(() => WriteObject(results.Read(location, Serializer)));
    }

    private void WriteResults(FlowState run)
    {
        var selector = new TaskSelector(run.Flow, Task, run: run);
        foreach (var name in selector.MissingNamesIn(run))
            WriteError(FlowErrors.TaskNotFound(run.Flow, name));
        foreach (var (task, path) in selector.ChooseFrom(run))
            WriteResult(task, path);
    }

    // In a stream a name is missing once, however many tasks there are.
    private void WriteResults(FlowTaskState task)
    {
        var selector = new TaskSelector(task.Task.Flow, Task);
        foreach (var name in selector.MissingNamesIn(task).Where(_missing.Add))
            WriteError(FlowErrors.TaskNotFound(task.Task.Flow, name));
        foreach (var (chosen, path) in selector.ChooseFrom(task))
            WriteResult(chosen, path);
    }

    private void WriteResult(FlowTaskState task, string path) => Try(() =>
    {
        if (task.Inner is { Result: null, Children: null })
            return;
        var value = task.Inner.ReadResult();
        if (_table is null)
            WriteObject(value);
        else
            _table[path + task.Slug] = value;
    });

    // What is wrong with one result does not keep the others from being had.
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (FlowException e)
        {
            WriteError(e);
        }
    }
}
