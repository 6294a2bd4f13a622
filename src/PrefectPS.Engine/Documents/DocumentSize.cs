using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>
/// Keeps a document within the size that readers accept. Each message and result is limited, but there may be hundreds of thousands: messages and call stacks are then
/// truncated further.
/// </summary>
internal static class DocumentSize
{
    // Half a page, then a line, then the beginning.
    private static readonly int[] ShorterTexts = [2_000, 200, ShortestText];

    private const int ShortestText = 64;

    /// <summary>Writes a run's document, truncating texts as needed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the results alone exceed the limit.</exception>
    public static byte[] Fit(FlowState run, Func<FlowState, byte[]> write) => Fit(run, write, document => document.Length);

    /// <summary>Writes a run's document in any representation, truncating texts as needed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="sizeOf">Measures a document.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the results alone exceed the limit.</exception>
    public static T Fit<T>(FlowState run, Func<FlowState, T> write, Func<T, long> sizeOf)
        where T : class
    {
        var max = run.Flow.Services.MaxDocumentBytes;
        if (TryWrite(run, write, sizeOf, max) is { } whole)
            return whole;
        foreach (var length in ShorterTexts)
        {
            if (TryWrite(Shorten(run, length), write, sizeOf, max) is { } shorter)
                return shorter;
        }

        throw FlowErrors.DocumentTooLarge(run, max);
    }

    // An array cannot exceed 2 GiB.
    private static T? TryWrite<T>(FlowState run, Func<FlowState, T> write, Func<T, long> sizeOf, int max)
        where T : class
    {
        try
        {
            return write(run) is { } document && sizeOf(document) <= max ? document : null;
        }
        catch (Exception e) when (e is IOException or OutOfMemoryException or OverflowException)
        {
            return null;
        }
    }

    private static FlowState Shorten(FlowState run, int length) => run.Change((_, state) => Shorten(state, length));

    private static State Shorten(State state, int length) => state.Message?.Length > length || state.Error is not null
        ? state with { Message = TruncatedText.To(state.Message, length), Error = length > ShortestText ? Shorten(state.Error, length) : null }
        : state;

    private static TaskError? Shorten(TaskError? error, int length) => error is null ? null : error with
    {
        Message = TruncatedText.To(error.Message, length)!,
        Id = TruncatedText.To(error.Id, length),
        ExceptionType = TruncatedText.To(error.ExceptionType, length),
        ScriptName = TruncatedText.To(error.ScriptName, length),
        LineText = TruncatedText.To(error.LineText, length),
        Stack = TruncatedText.To(error.Stack, length),
    };
}
