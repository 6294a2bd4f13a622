using System.Management.Automation;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Exports a run as one HTML page: its graph, its timeline, and all that is known of each task.</para></summary>
[Cmdlet(VerbsData.Export, "FlowReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFlowReportCommand : FlowCmdlet
{
    /// <summary>The run, as returned by a step or read from a state document, or a recorded run, from Get-FlowRun.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("State")]
    public object InputObject { get; set; } = null!;

    /// <summary>The file, or the folder that it is to be in.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>Title of the page; the flow's name by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Number of characters shown of a result or parameter; 0 shows none.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int MaxResultLength { get; set; } = ReportOptions.DefaultResultLength;

    /// <summary>Read results that are in a store only, to show them.</summary>
    [Parameter]
    public SwitchParameter IncludeResult { get; set; }

    /// <summary>Leave a file that is there as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Return the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        switch (PowerShellValues.Instance.Unwrap(InputObject))
        {
            case FlowState run:
                Export(run, isOutlined: false);
                break;
            case FlowRun run:
                Export(RunOnRecord.Read(run, text => WriteWarning(TerminalText.Of(text))), isOutlined: run.Definition is null);
                break;
            case var other:
                throw ModuleErrors.NoRun(other);
        }
    }

    private void Export(FlowState run, bool isOutlined)
    {
        var file = OutputFile.Resolve(Path, $"{run.Flow.Name} {run.RunId}.html", SessionState);
        if (NoClobber && File.Exists(file))
            throw ModuleErrors.FileExists(file);
        if (!ShouldProcess(file, "Export flow report"))
            return;

        var history = FindHistory(run);
        var options = new ReportOptions { Title = Title, MaxResultLength = MaxResultLength, ReadsResults = IncludeResult, IsOutlined = isOutlined };
        OutputFile.Write(file, output => FlowReport.Write(output, run, history, options));
        if (PassThru)
            WriteObject(new FileInfo(file));
    }

    private IEnumerable<FlowLogEntry> FindLog(IFlowStore store, FlowState run) =>
        RunLog.Find(store, run.Flow.Name, run.RunId)?.ReadNext(fault => WriteWarning($"The report of run '{run.RunId}' does not contain a part of its log. {fault.Message}")) ?? [];

    // A report without it is better than none.
    private ReportHistory FindHistory(FlowState run)
    {
        try
        {
            return run.Flow.Store is { } store && RunHistory.Find(store, run.Flow.Name, run.RunId) is { } course
                ? ReportHistory.Of(course, run, FindLog(store, run))
                : ReportHistory.None;
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.RunDamaged)
        {
            WriteWarning($"The report of run '{run.RunId}' does not contain its history. {e.Message}");
            return ReportHistory.None;
        }
    }
}
