using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Channels;

/// <summary>The step that a message asks for.</summary>
internal static class MessageStep
{
    /// <summary>Takes the step. Where the run is further on than the message says, nothing is run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="message">The message. The run that comes of it brings it along, to be completed once the run is sent on.</param>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
    /// <param name="step">Takes a step of a run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException">As of <see cref="MessageDecoder"/> and of the step itself; the message is still to be put back.</exception>
    public static StepOutcome Take(
        Flow flow, FlowMessage message, IReadOnlyDictionary<string, object?> parameters, Func<FlowState, StepOutcome> step, CancellationToken cancellationToken)
    {
        var decoded = MessageDecoder.Decode(flow, message, new() { Parameters = parameters }, cancellationToken);
        if (MessageOrigin.Of(decoded.Run) is { IsLate: true })
            return new(decoded.Run, IsLate: true, decoded.Warnings);
        var outcome = step(decoded.Run);
        return outcome with { Run = outcome.Run.From(new MessageOrigin(message, outcome.IsLate)), Warnings = [.. decoded.Warnings, .. outcome.Warnings] };
    }
}
