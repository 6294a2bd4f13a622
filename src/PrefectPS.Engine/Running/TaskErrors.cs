using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Converts exceptions to errors in task states.</summary>
internal static class TaskErrors
{
    /// <summary>The error of an exception; a structured one if the host language provides it.</summary>
    public static TaskError Of(Exception e) => (e as TaskFailedException)?.Error ?? TaskError.From(e);

    /// <summary>Masks secrets in all texts of an error. The id is a text too: that of <c>throw 'text'</c> is the text.</summary>
    public static TaskError Hide(TaskError error, SecretMask mask) => error with
    {
        Message = mask.Hide(error.Message)!,
        Id = mask.Hide(error.Id),
        ExceptionType = mask.Hide(error.ExceptionType),
        ScriptName = mask.Hide(error.ScriptName),
        LineText = mask.Hide(error.LineText),
        Stack = mask.Hide(error.Stack),
    };

    /// <summary>State of a task that failed outside its body, by a fault of the engine or a store.</summary>
    public static State FailInEngine(Exception e) => Fail(StateMessages.EngineFailed(e.Message), TaskError.From(e));

    /// <summary>State of a task that has crashed too often; null if it has not. It is not retried, as it would crash again.</summary>
    public static State? Crashed(FlowTask task, State state)
    {
        if (state.Crashes.Count < task.MaxCrashes)
            return null;
        var message = StateMessages.Crashed(state.Crashes);
        return Fail(message, new(message) { Id = FlowErrorId.TaskCrashed });
    }

    /// <summary>State of a failed task.</summary>
    public static State Fail(string message, TaskError error) => new(StateType.Failed, message) { Error = error };
}
