using System.Collections.Specialized;
using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets what tasks returned, of a run or from a store.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowResult", DefaultParameterSetName = PipedSet)]
[OutputType(typeof(object))]
public sealed class GetFlowResultCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string PipedSet = "Piped";
    private const string LocationSet = "Location";

    private OrderedDictionary? _table;

    /// <summary>The run whose results are wanted.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0)]
    public FlowState FlowState { get; set; } = null!;

    /// <summary>A run, or a task of one with its state, from the pipeline.</summary>
    [Parameter(ParameterSetName = PipedSet, Mandatory = true, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>Names or slugs of tasks; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = RunSet, Position = 1)]
    [Parameter(ParameterSetName = PipedSet, Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[]? Task { get; set; }

    /// <summary>The store that the result is in.</summary>
    [Parameter(ParameterSetName = LocationSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Store { get; set; } = string.Empty;

    /// <summary>Where in the store it is.</summary>
    [Parameter(ParameterSetName = LocationSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ResultLocation")]
    [ValidateNotNullOrEmpty]
    public string[] Location { get; set; } = [];

    /// <summary>The form it has there, in place of the one that its extension stands for.</summary>
    [Parameter(ParameterSetName = LocationSet)]
    [ValidateSet("Json", "Clixml", "Text", "Bytes", "File")]
    public string? Serializer { get; set; }

    /// <summary>Return one table of all results, by the tasks' slugs.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = PipedSet)]
    public SwitchParameter AsHashtable { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (AsHashtable)
            _table ??= new(StringComparer.OrdinalIgnoreCase);
        if (ParameterSetName == LocationSet)
        {
            WriteStored();
            return;
        }

        switch (PowerShellValues.Instance.Unwrap(ParameterSetName == RunSet ? FlowState : InputObject))
        {
            case FlowState run:
                WriteResults(run);
                break;
            case FlowTaskState task when new TaskFilter(Task, tags: null).Matches(task.Task):
                WriteResult(task, path: string.Empty);
                break;
            case FlowTaskState:
                break;
            case var other:
                throw ModuleErrors.NoResults(other);
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (_table is not null)
            WriteObject(_table);
    }

    private void WriteStored()
    {
        var results = new ResultStore(StoreResolver.Resolve(Store, SessionState), SessionServices.Create().Serializers);
        foreach (var location in Location)
            Try(() => WriteObject(results.Read(location, Serializer)));
    }

    private void WriteResults(FlowState run)
    {
        FlowTaskState[] children = [.. run.Tasks.SelectMany(task => task.Children).Where(child => Task?.Contains(child.Slug, StringComparer.OrdinalIgnoreCase) == true)];
        string[]? names = Task is null ? null : [.. Task.Where(name => !children.Any(child => string.Equals(child.Slug, name, StringComparison.OrdinalIgnoreCase)))];
        var filter = new TaskFilter(names, tags: null);
        foreach (var name in filter.NamesMissingIn(run.Flow))
            WriteError(ErrorRecords.From(FlowErrors.TaskNotFound(run.Flow, name)));
        WriteResults(filter, run, path: string.Empty);
        foreach (var child in children)
            WriteResult(child, path: string.Empty);
    }

    private void WriteResults(TaskFilter filter, FlowState run, string path)
    {
        foreach (var task in run.Tasks)
        {
            if (filter.Matches(task.Task, path))
                WriteResult(task, path);
            if (!filter.LooksIntoSubflows)
                continue;
            foreach (var part in task.Children.Prepend(task))
            {
                if (part.Subflow is { } subrun)
                    WriteResults(filter, subrun, $"{path}{part.Slug}/");
            }
        }
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
            WriteError(ErrorRecords.From(e));
        }
    }
}
