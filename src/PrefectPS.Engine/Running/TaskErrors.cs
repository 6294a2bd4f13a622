using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Errors of a task's own code, as its states have them.</summary>
internal static class TaskErrors
{
    /// <summary>The error of an exception: the one that a body's language made of it, where it did.</summary>
    public static TaskError Of(Exception e) => (e as TaskFailedException)?.Error ?? TaskError.From(e);

    /// <summary>An error made ready for the record: none of its texts has a secret in it. The id is a text, too: of <c>throw 'text'</c> it is that text.</summary>
    public static TaskError Hide(TaskError error, SecretMask mask) => error with
    {
        Message = mask.Hide(error.Message)!,
        Id = mask.Hide(error.Id),
        ExceptionType = mask.Hide(error.ExceptionType),
        ScriptName = mask.Hide(error.ScriptName),
        LineText = mask.Hide(error.LineText),
        Stack = mask.Hide(error.Stack),
    };

    /// <summary>The state of a task that failed before or after its body, by an exception of the engine's own or a store's.</summary>
    public static State FailInEngine(Exception e) => Fail(StateMessages.EngineFailed(e.Message), TaskError.From(e));

    /// <summary>The state of a task that has ended its process as often as it may; null if it has not. It is not retried: what ends the process would end it again.</summary>
    public static State? Crashed(FlowTask task, State state)
    {
        if (state.Crashes.Count < task.MaxCrashes)
            return null;
        var message = StateMessages.Crashed(state.Crashes);
        return Fail(message, new(message) { Id = FlowErrorId.TaskCrashed });
    }

    /// <summary>The state of a task that failed by an error.</summary>
    public static State Fail(string message, TaskError error) => new(StateType.Failed, message) { Error = error };
}
