using Orleans;

namespace PrefectPS.Orleans.Wire;

/// <summary>What a worker answers to who sends it a body.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="Reason">Why it refuses.</param>
[GenerateSerializer, Immutable]
internal sealed record Answer([property: Id(0)] AnswerKind Kind, [property: Id(1)] string? Reason = null)
{
    public static readonly Answer Taken = new(AnswerKind.Taken);
    public static readonly Answer Waits = new(AnswerKind.Waits);
    public static readonly Answer Full = new(AnswerKind.Full);
}
