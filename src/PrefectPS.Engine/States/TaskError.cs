using PrefectPS.Results;

namespace PrefectPS.States;

/// <summary>The error of a failed task, as far as it can be serialized: each text is cut to the length that can be read back.</summary>
/// <param name="Message">What went wrong.</param>
public sealed record TaskError(string Message)
{
    /// <summary>What went wrong.</summary>
    public string Message { get; init => field = TruncatedText.Long(value)!; } = TruncatedText.Long(Message)!;

    /// <summary>The error's id, for example <c>DivideByZero</c> or <c>FlowTargetInvalid</c>; null if none.</summary>
    public string? Id { get; init => field = TruncatedText.Short(value); }

    /// <summary>The full name of the exception's type.</summary>
    public string? ExceptionType { get; init => field = TruncatedText.Short(value); }

    /// <summary>The script file the failing statement stands in; null for a statement that came from no file.</summary>
    public string? ScriptName { get; init => field = TruncatedText.Short(value); }

    /// <summary>The line of the failing statement, from 1; 0 where it is not known.</summary>
    public int Line { get; init; }

    /// <summary>The text of the failing line, trimmed.</summary>
    public string? LineText { get; init => field = TruncatedText.Short(value); }

    /// <summary>The script's call stack at the failing statement, one frame a line.</summary>
    public string? Stack { get; init => field = TruncatedText.Long(value); }

    /// <summary>The exception, while the process lives; not in any document.</summary>
    internal Exception? Exception { get; init; }

    /// <summary>The host language's error object, while the process lives; not in any document.</summary>
    internal object? Record { get; init; }

    /// <summary>Creates an error from an exception.</summary>
    /// <param name="exception">The exception that ended a task.</param>
    internal static TaskError From(Exception exception) => new(exception.Message)
    {
        Id = (exception as FlowException)?.Id,
        ExceptionType = exception.GetType().FullName,
        Stack = exception is FlowException ? null : exception.StackTrace, // an engine stack trace is of no use
        Exception = exception,
    };

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
