using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Errors of a task's own code, as its states have them.</summary>
internal static class TaskErrors
{
    /// <summary>The error of an exception: the one that a body's language made of it, where it did.</summary>
    public static TaskError Of(Exception e) => (e as TaskFailedException)?.Error ?? TaskError.From(e);

    /// <summary>The state of a task that failed by an error.</summary>
    public static State Fail(string message, TaskError error) => new(StateType.Failed, message) { Error = error };
}
