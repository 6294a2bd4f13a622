using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task's body failed; <see cref="Error"/> says how, in the words of its language.</summary>
public sealed class TaskFailedException(TaskError error, Exception? innerException = null) : Exception(error.Message, innerException)
{
    /// <summary>The error that the Failed state keeps.</summary>
    public TaskError Error { get; } = error;
}
