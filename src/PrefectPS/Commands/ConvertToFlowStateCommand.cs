using System.Management.Automation;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Converts a state document, or a stream of task states, to a run.</para></summary>
[Cmdlet(VerbsData.ConvertTo, "FlowState")]
[OutputType(typeof(FlowState))]
public sealed class ConvertToFlowStateCommand : ReadingCmdlet
{
    private readonly StateInput _input = new();

    /// <summary>JSON as text or bytes, objects from JSON, or task states. No input, empty input, or a flow starts a new run.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>The flow that the document belongs to; task states know theirs.</summary>
    [Parameter(Position = 0)]
    public Flow? Flow { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (PowerShellValues.Instance.Unwrap(InputObject) is Flow flow)
            Flow ??= flow;
        else
            _input.Add(InputObject);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (_input.TaskStates.Count > 0)
        {
            var gathered = TaskStateGatherer.Gather(_input.TaskStates);
            WriteObject(GivenRun.Existing(Flow is null ? gathered : GivenRun.Of(Flow, gathered, Warn), Parameter, RunId));
            return;
        }

        var flow = Flow ?? throw ModuleErrors.FlowRequiredForState(MyInvocation.MyCommand.Name);
        if (_input.Message is { } message)
            Write(MessageDecoder.Decode(flow, message, ReadingOptions, StopToken), []);
        else if (_input.ToDocument() is { } document)
            Write(MessageDecoder.Decode(flow, document, ReadingOptions, StopToken), _input.Warnings);
        else
            WriteObject(GivenRun.New(flow, Parameter, RunId));
    }

    private void Write(DecodedState decoded, IEnumerable<string> warnings)
    {
        if (decoded.Found is { } found)
            WriteVerbose(TerminalText.Of($"Found {found}."));
        Warn(warnings.Concat(decoded.Warnings));
        WriteObject(decoded.Run);
    }
}
