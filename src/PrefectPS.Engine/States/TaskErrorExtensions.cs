namespace PrefectPS.States;

/// <summary>Parts of an error that live in this process only and are not in documents.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class TaskErrorExtensions
{
    extension(TaskError error)
    {
        /// <summary>The exception; null if none.</summary>
        public Exception? Exception => error.Exception;

        /// <summary>The error object of the body's language; null if none.</summary>
        public object? Record => error.Record;

        /// <summary>Returns the error with its parts that live in this process only.</summary>
        /// <param name="exception">The exception itself.</param>
        /// <param name="record">What the body's language has for an error; null for nothing.</param>
        public TaskError With(Exception? exception, object? record) => error with { Exception = exception, Record = record };
    }
}
