using System.Management.Automation;
using System.Text;
using PrefectPS.Completion;
using PrefectPS.Diagrams.Trees;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Shows a flow or a run as a tree, with states, durations and messages.</para></summary>
[Cmdlet(VerbsCommon.Show, "Flow")]
[OutputType(typeof(FlowTreeRow))]
public sealed class ShowFlowCommand : FlowCmdlet
{
    private const int MaxRequests = 10;

    /// <summary>The flow or the run, also a recorded run from Get-FlowRun, or a task of these that runs a flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>Names or slugs of tasks to show; wildcards are allowed.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[]? Task { get; set; }

    /// <summary>Tags, of which a task must have one to be shown; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>States, of which a task must be in one to be shown.</summary>
    [Parameter]
    public StateType[]? State { get; set; }

    /// <summary>How many branches and flows within each other are shown.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? Depth { get; set; }

    /// <summary>Give each task a line of its own, however many there are.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Draw with signs that any console can show.</summary>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var (flow, run) = FlowOrRun.Of(InputObject, text => WriteWarning(TerminalText.Of(text)));
        if (run is null && State is not null)
            throw ModuleErrors.NoStates(flow);
        var selector = new TaskSelector(flow, Task, Tag, run);
        foreach (var name in run is null ? selector.MissingNames : selector.MissingNamesIn(run))
            WriteError(FlowErrors.TaskNotFound(flow, name));

        var options = new FlowTreeOptions
        {
            Filter = Task is null && Tag is null && State is null ? null : (task, state, path) => selector.ChoosesAnyOf(task, path) && IsWanted(state),
            Depth = Depth,
            ShowsAll = All,
            Glyphs = Ascii || !IsUnicode ? TreeGlyphs.Ascii : TreeGlyphs.Unicode,
        };
        WriteObject(FlowTree.Write(flow, run, options), enumerateCollection: true);
        if (run is not null && options.Filter is null)
            WriteObject(FlowTree.Write(RequestsOf(run)), enumerateCollection: true);
    }

    // Most runs have no requests: then no history is read.
    private IEnumerable<FlowTransition> RequestsOf(FlowState run)
    {
        if (run.Identity.Control.Count == 0 || run.Flow.Store is not { } store)
            return [];
        try
        {
            return RunHistory.Find(store, run.Flow.Name, run.RunId)?.Requests.Reverse().Take(MaxRequests).Reverse() ?? [];
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.RunDamaged)
        {
            WriteWarning(TerminalText.Of($"The requests of run '{run.RunId}' cannot be read. {e.Message}"));
            return [];
        }
    }

    private static bool IsUnicode => Console.OutputEncoding is UTF8Encoding or UnicodeEncoding or UTF32Encoding || Console.OutputEncoding.CodePage == 65001;

    private bool IsWanted(StateType? state) => State is null || (state is { } type && State.Contains(type));
}
