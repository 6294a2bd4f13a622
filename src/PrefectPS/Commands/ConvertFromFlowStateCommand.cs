using System.Management.Automation;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Converts a run to a state document: JSON text that the next step goes on from.</para></summary>
[Cmdlet(VerbsData.ConvertFrom, "FlowState", DefaultParameterSetName = FullSet)]
[OutputType(typeof(string))]
public sealed class ConvertFromFlowStateCommand : FlowCmdlet
{
    private const string FullSet = "Full";
    private const string CompactSet = "Compact";
    private const string PrefectSet = "Prefect";

    private SigningKeys? _keys;

    /// <summary>The run, or a recorded run from Get-FlowRun with its flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object State { get; set; } = null!;

    /// <summary>Write the bare array of task states that Prefect 1.4.1 reads.</summary>
    [Parameter(ParameterSetName = PrefectSet, Mandatory = true)]
    public SwitchParameter AsPrefect { get; set; }

    /// <summary>Write it as small as it goes, for the very same flow to read.</summary>
    [Parameter(ParameterSetName = CompactSet, Mandatory = true)]
    public SwitchParameter Compact { get; set; }

    /// <summary>Let the tasks' slugs travel, so that the flow may change before the document is read.</summary>
    [Parameter(ParameterSetName = CompactSet)]
    public SwitchParameter MatchBySlug { get; set; }

    /// <summary>Let the times of finished tasks travel, to the millisecond.</summary>
    [Parameter(ParameterSetName = CompactSet)]
    public SwitchParameter IncludeTimes { get; set; }

    /// <summary>The key to sign the document with, or several by their ids.</summary>
    [Parameter(ParameterSetName = FullSet)]
    [Parameter(ParameterSetName = CompactSet)]
    [ValidateNotNull]
    public object? SigningKey { get; set; }

    /// <summary>The id of the key to sign with.</summary>
    [Parameter(ParameterSetName = FullSet)]
    [Parameter(ParameterSetName = CompactSet)]
    [ValidateNotNullOrEmpty]
    public string? SigningKeyId { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        _keys ??= SigningKeyParameter.Resolve(SigningKey, SigningKeyId, signs: true);
        var run = RunOnRecord.StateOf(State, WriteWarning);
        if (ForgottenReset.Of(run) is { } warning)
            WriteWarning(warning);
        if (AsPrefect && run.Selection is { } selection)
            WriteWarning(TerminalText.Of(ModuleTexts.SelectionNotInArray(run, selection)));
        WriteObject(Encoding.UTF8.GetString(Write(run)));
    }

    private byte[] Write(FlowState run) =>
        AsPrefect ? PrefectWriter.Write(run)
        : Compact ? CompactWriter.Write(run, MatchBySlug, IncludeTimes, _keys)
        : FlowStateWriter.Write(run, _keys);
}
