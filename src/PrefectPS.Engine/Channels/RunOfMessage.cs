using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Channels;

/// <summary>Chooses the run of a message, which is completed once the run is sent on.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Message">The message.</param>
/// <param name="Parameters">Parameter values for a new run.</param>
public sealed record RunOfMessage(Flow Flow, FlowMessage Message, IReadOnlyDictionary<string, object?> Parameters) : RunChoice
{
    /// <inheritdoc/>
    public override Flow Flow { get; } = Flow;

    /// <summary>How to handle a flow changed since the message was sent.</summary>
    public FlowChangeAction OnChange { get; init; }

    private ReadingOptions Reading => new() { Parameters = Parameters, OnChange = OnChange };

    /// <inheritdoc/>
    /// <remarks>Also throws what <see cref="MessageDecoder"/> throws; the caller then releases the message.</remarks>
    internal override OpenedRun Open(CancellationToken cancellationToken)
    {
        var decoded = MessageDecoder.Decode(Flow, Message, Reading, cancellationToken);
        if (MessageOrigin.Of(decoded.Run) is { IsLate: true })
            return new(decoded.Run) { IsLate = true, Warnings = decoded.Warnings };
        var opened = new RunByState(decoded.Run).Open(cancellationToken);
        return opened with { Run = opened.Run.From(new MessageOrigin(Message, opened.IsLate)), Warnings = [.. decoded.Warnings, .. opened.Warnings] };
    }

    /// <inheritdoc/>
    /// <remarks>The message stays locked and unchanged.</remarks>
    internal override OpenedRun Look(CancellationToken cancellationToken)
    {
        var decoded = MessageDecoder.Decode(Flow, Message.Content.Document, Reading, cancellationToken);
        var looked = new RunByState(decoded.Run).Look(cancellationToken);
        return looked with { Warnings = [.. decoded.Warnings, .. looked.Warnings] };
    }
}
