using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Tasks;

/// <summary>Converts exceptions of script blocks to those of the engine.</summary>
internal static class ScriptErrors
{
    /// <summary>The exception to throw instead; null to keep the original.</summary>
    /// <param name="exception">The exception of the block.</param>
    /// <param name="isStopping">Whether the block's pipeline is being stopped; only called for an exception that says so.</param>
    public static Exception? Translate(Exception exception, Func<bool> isStopping) => exception switch
    {
        PipelineStoppedException when isStopping() => new StepStoppedException(exception),
        PipelineStoppedException => Failed("the task stopped its own pipeline; end a task with return or throw", exception),
        _ when FindInner<FlowException>(exception) is { } error && exception is not IContainsErrorRecord => error,
        _ when FindInner<FlowSignalException>(exception) is { } signal => signal,
        BreakException or ContinueException => Failed("'break' or 'continue' was used outside a loop; end a task with return", exception),
        ExitException exit => Failed($"the task called exit {exit.Argument}, which would end the whole session; end a task with return or throw", exception),
        IContainsErrorRecord { ErrorRecord: { } record } => new TaskFailedException(Describe(record, exception), exception),
        _ => null,
    };

    /// <summary>The error record as in a <c>catch</c>: the original, or one with the known data if it was thrown in another process.</summary>
    /// <remarks>It also has the message, id and type of the task state's error, under their names there.</remarks>
    public static PSObject RecordOf(TaskError error)
    {
        var record = PSObject.AsPSObject(error.Record as ErrorRecord
            ?? new(error.Exception ?? new RuntimeException(error.Message), error.Id ?? string.Empty, ErrorCategory.NotSpecified, targetObject: null)
            {
                ErrorDetails = new(error.Message),
            });
        foreach (var (name, value) in new[] { (nameof(error.Message), error.Message), (nameof(error.Id), error.Id), (nameof(error.ExceptionType), error.ExceptionType) })
        {
            if (record.Properties[name] is null)
                record.Properties.Add(new PSNoteProperty(name, value));
        }

        return record;
    }

    /// <summary>True if a script block ended because it observed a cancelled token.</summary>
    public static bool IsCancellation(Exception exception) => FindInner<OperationCanceledException>(exception) is not null;

    /// <summary>The message of an error, also of a non-terminating one that <c>$ErrorActionPreference</c> turned into an exception, whose message describes that instead.</summary>
    public static string MessageOf(ErrorRecord record) => record.ErrorDetails?.Message ?? record.Exception.Message;

    private static TaskError Describe(ErrorRecord record, Exception thrown)
    {
        var invocation = record.InvocationInfo;
        // Records of language errors contain a placeholder for their exception.
        var exception = record.Exception is ParentContainsErrorRecordException ? thrown : record.Exception;
        var error = new TaskError(MessageOf(record))
        {
            Id = record.FullyQualifiedErrorId,
            ExceptionType = exception.GetType().FullName,
            ScriptName = string.IsNullOrEmpty(invocation?.ScriptName) ? null : invocation!.ScriptName,
            Line = invocation?.ScriptLineNumber ?? 0,
            LineText = invocation?.Line?.Trim(),
            Stack = record.ScriptStackTrace,
        };
        return error.With(exception, new ErrorRecord(record, thrown));
    }

    /// <summary>The error of a <c>$using:</c> variable that is not set.</summary>
    public static TaskFailedException UsingNotSet(string name) =>
        new(new($"The variable ${name}, which the block uses as $using:{name}, is not set in the caller's session.") { Id = "UsingVariableIsUndefined" });

    private static TaskFailedException Failed(string message, Exception cause) => new(new(message), cause);

    private static T? FindInner<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found || (exception is IContainsErrorRecord { ErrorRecord.Exception: T inRecord } && (found = inRecord) is not null))
                return found;
        }

        return null;
    }
}
