using System.Collections;
using System.Management.Automation;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Reads a run from a file; where there is none yet, begins one.</para></summary>
[Cmdlet(VerbsData.Import, "FlowState")]
[OutputType(typeof(FlowState))]
public sealed class ImportFlowStateCommand : FlowCmdlet
{
    /// <summary>The flow that the document is about.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The file with the state document. Its folder is there, and it itself once there is something to read.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LiteralPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Parameter of the flow = its value, for a new run, or a document that does not carry it.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>The key that the document has to be signed with, or several by their ids.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? SigningKey { get; set; }

    /// <summary>What to do where the flow has changed since the document was written.</summary>
    [Parameter]
    public FlowChangeAction OnChange { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (StateFile.Read(Path, SessionState) is not { } document)
        {
            WriteVerbose($"There is no file '{Path}': a run of flow '{Flow.Name}' begins.");
            WriteObject(GivenRun.New(Flow, Parameter));
            return;
        }

        var options = new ReadingOptions
        {
            Parameters = NamedValues.ByName(Parameter),
            SigningKeys = SigningKeyParameter.Resolve(SigningKey),
            OnChange = OnChange,
        };
        var decoded = MessageDecoder.Decode(Flow, document, options, StopToken);
        Warn(decoded.Warnings);
        WriteObject(decoded.Run);
    }
}
