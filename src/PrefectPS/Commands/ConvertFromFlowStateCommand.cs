using System.Management.Automation;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Encodes a run as a state document.</para></summary>
[Cmdlet(VerbsData.ConvertFrom, "FlowState")]
[OutputType(typeof(string))]
public sealed class ConvertFromFlowStateCommand : FlowCmdlet
{
    /// <summary>The run.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>Write the bare array of task states that Prefect 1.4.1 reads.</summary>
    [Parameter]
    public SwitchParameter AsPrefect { get; set; }

    /// <inheritdoc/>
    protected override void Process() =>
        WriteObject(Encoding.UTF8.GetString(AsPrefect ? PrefectWriter.Write(State) : FlowStateWriter.Write(State)));
}
