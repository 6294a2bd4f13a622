using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task's body failed; <see cref="Error"/> has the details in terms of the host language.</summary>
public sealed class TaskFailedException(TaskError error, Exception? innerException = null) : Exception(error.Message, innerException)
{
    /// <summary>The error stored in the Failed state.</summary>
    public TaskError Error { get; } = error;
}
