using System.Management.Automation;
using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Exports a run to a file, whole or not at all.</para></summary>
[Cmdlet(VerbsData.Export, "FlowState", SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class ExportFlowStateCommand : FlowCmdlet
{
    /// <summary>The run.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>The file for the state document.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The key to sign the document with, or several by their ids.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? SigningKey { get; set; }

    /// <summary>The id of the key to sign with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SigningKeyId { get; set; }

    /// <summary>Put out the run, once it is written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var file = LocalAddress.FullPath(Path, SessionState) ?? throw ModuleErrors.FileNotInFileSystem(Path);
        if (Directory.Exists(file))
            throw ModuleErrors.StateFileIsFolder(file, FlowErrorId.ExportFailed);
        if (!ShouldProcess(file, $"Write run {State.RunId} of flow {State.Flow.Name}"))
            return;

        if (ForgottenReset.Of(State) is { } warning)
            WriteWarning(warning);
        var document = FlowStateWriter.Write(State, SigningKeyParameter.Resolve(SigningKey, SigningKeyId, signs: true));
        OutputFile.Write(file, output =>
        {
            output.Write(document, 0, document.Length);
            output.Flush(flushToDisk: true); // what is renamed before it is on disk is an empty file after a loss of power
        });
        if (PassThru)
            WriteObject(State);
    }
}
