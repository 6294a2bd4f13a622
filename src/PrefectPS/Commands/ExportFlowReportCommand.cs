using System.Management.Automation;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Writes a run as one HTML page: its graph, its timeline, and all that is known of each task.</para></summary>
[Cmdlet(VerbsData.Export, "FlowReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFlowReportCommand : FlowCmdlet
{
    /// <summary>The run.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("State")]
    public FlowState InputObject { get; set; } = null!;

    /// <summary>The file, or the folder that it is to be in.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>What stands at the top of the page; the flow's name unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>How many characters of a result are shown; with 0 no result is.</summary>
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
        var file = OutputFile.Resolve(Path, $"{InputObject.Flow.Name} {InputObject.RunId}.html", SessionState);
        if (NoClobber && File.Exists(file))
            throw ModuleErrors.FileExists(file);
        if (!ShouldProcess(file, "Export flow report"))
            return;

        var options = new ReportOptions { Title = Title, MaxResultLength = MaxResultLength, ReadsResults = IncludeResult };
        OutputFile.Write(file, output => FlowReport.Write(output, InputObject, options));
        if (PassThru)
            WriteObject(new FileInfo(file));
    }
}
