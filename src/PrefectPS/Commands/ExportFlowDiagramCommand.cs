using System.Management.Automation;
using System.Text;
using PrefectPS.Diagrams;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Exports a flow or a run as a diagram in Mermaid, DOT or SVG.</para></summary>
[Cmdlet(VerbsData.Export, "FlowDiagram", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportFlowDiagramCommand : FlowCmdlet
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The flow or the run, also a recorded run from Get-FlowRun, or a task of these that runs a flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>The file, or the folder that it is to be in; without it the diagram is returned as text.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The language; the one that the file's extension says by default, else Mermaid.</summary>
    [Parameter]
    public DiagramFormat? Format { get; set; }

    /// <summary>Draw from left to right instead of from top to bottom.</summary>
    [Parameter]
    public SwitchParameter Horizontal { get; set; }

    /// <summary>The run of the flow whose states are shown.</summary>
    [Parameter]
    public FlowState? State { get; set; }

    /// <summary>How many children of a mapped task are drawn one by one.</summary>
    [Parameter]
    [ValidateRange(0, 10_000)]
    public int MaxChildren { get; set; } = DiagramBuilder.DefaultMostChildren;

    /// <summary>Leave a file that is there as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Return the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var (flow, run) = FlowOrRun.Of(InputObject, text => WriteWarning(TerminalText.Of(text)), State);
        var diagram = run is null ? DiagramBuilder.Of(flow) : DiagramBuilder.Of(run, MaxChildren);
        if (Path is null)
        {
            WriteObject(DiagramWriter.Write(diagram, Format ?? DiagramFormat.Mermaid, Horizontal));
            return;
        }

        var name = run is null ? flow.Name : $"{flow.Name} {run.RunId}";
        var file = OutputFile.Resolve(Path, name + DiagramWriter.ExtensionOf(Format ?? DiagramFormat.Mermaid), SessionState);
        var format = Format ?? DiagramWriter.FormatOf(file) ?? throw ModuleErrors.DiagramFormatUnknown(file);
        if (NoClobber && File.Exists(file))
            throw ModuleErrors.FileExists(file);
        if (!ShouldProcess(file, "Export flow diagram"))
            return;

        var text = Utf8.GetBytes(DiagramWriter.WriteFile(file, diagram, format, Horizontal));
        OutputFile.Write(file, output => output.Write(text, 0, text.Length));
        if (PassThru)
            WriteObject(new FileInfo(file));
    }
}
