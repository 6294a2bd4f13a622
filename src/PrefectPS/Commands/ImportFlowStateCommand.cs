using System.Management.Automation;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Imports a run from a file, or begins one where there is no file yet.</para></summary>
[Cmdlet(VerbsData.Import, "FlowState")]
[OutputType(typeof(FlowState))]
public sealed class ImportFlowStateCommand : ReadingCmdlet
{
    /// <summary>The flow that the document belongs to.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The file with the state document. Its folder must exist; the file may not.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LiteralPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void Process()
    {
        if (StateFile.Read(Path, SessionState) is not { } document)
        {
            WriteVerbose($"The file '{Path}' does not exist: a new run of flow '{Flow.Name}' starts.");
            WriteObject(GivenRun.New(Flow, Parameter, RunId));
            return;
        }

        var decoded = MessageDecoder.Decode(Flow, document, ReadingOptions, StopToken);
        Warn(decoded.Warnings);
        WriteObject(decoded.Run);
    }
}
