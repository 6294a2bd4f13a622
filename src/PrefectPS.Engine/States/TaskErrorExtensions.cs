namespace PrefectPS.States;

/// <summary>What an error holds for as long as its process lives; it is in no document.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class TaskErrorExtensions
{
    extension(TaskError error)
    {
        /// <summary>The exception itself; null where there is none.</summary>
        public Exception? Exception => error.Exception;

        /// <summary>What the body's language has for an error; null where there is none.</summary>
        public object? Record => error.Record;

        /// <summary>Returns the error with what it holds in this process.</summary>
        /// <param name="exception">The exception itself.</param>
        /// <param name="record">What the body's language has for an error; null for nothing.</param>
        public TaskError With(Exception? exception, object? record) => error with { Exception = exception, Record = record };
    }
}
