using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>
/// Sees to it that a document as a whole is not larger than one that is read. Each text and result in it is within its own limit, but there may be hundreds of
/// thousands of them: then messages and call stacks are cut shorter.
/// </summary>
internal static class DocumentSize
{
    // What a person needs first: half a page, then a line, then what it begins with.
    private static readonly int[] ShorterTexts = [2_000, 200, ShortestText];

    private const int ShortestText = 64;

    /// <summary>The document of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the results in it are too many.</exception>
    public static byte[] Fit(FlowState run, Func<FlowState, byte[]> write) => Fit(run, write, document => document.Length);

    /// <summary>The document of a run, in the form that it is written in.</summary>
    /// <param name="run">The run.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="sizeOf">The size of a document.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the results in it are too many.</exception>
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

    // An array of more than 2 GiB cannot be made at all.
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
