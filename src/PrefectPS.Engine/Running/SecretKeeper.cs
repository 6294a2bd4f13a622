using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>Keeps the secrets that a task was told, and the one it makes, out of what its states say: messages and errors, which are written.</summary>
internal sealed class SecretKeeper(RunStateView states, RunIdentity run)
{
    /// <summary>A state that the task is to have, without the secrets in its texts; itself where there are none.</summary>
    public State Hide(TaskRun task, State state)
    {
        if (SaysNothing(state))
            return state;
        var mask = MaskOf(task, state);
        var message = mask.Hide(state.Message);
        var error = state.Error is { } e ? e with { Message = mask.Hide(e.Message)!, LineText = mask.Hide(e.LineText) } : null;
        return message == state.Message && error == state.Error ? state : state with { Message = message, Error = error };
    }

    // As nearly all states do: what follows need not be fast.
    private static bool SaysNothing(State state) => state.Error is null && state.Message is null
        or StateMessages.Succeeded or StateMessages.Starting or StateMessages.Cancelled
        or StateMessages.UpstreamSkipped or StateMessages.ConditionNotMet or StateMessages.ReadyToMap;

    private SecretMask MaskOf(TaskRun task, State state)
    {
        var adapter = task.Task.Flow.Services.Values;
        var mask = new SecretMask(adapter);
        var arguments = task.ArgumentsIn(run, states);
        for (var i = 0; i < task.Task.InputFrom.Count; i++)
            AddState(arguments.SourceOf(i));
        foreach (var upstream in task.Task.Trigger is CustomTrigger ? states.Plan.UpstreamOf(task.Task.Index) : [])
            AddState(states.States[upstream]);
        foreach (var argument in task.Task.Arguments)
            AddValue(argument.Value);
        foreach (var secret in run.Secrets)
            mask.Add(run.Parameters[secret]);
        AddState(task.State);
        AddResult(task.State.LoopResult);
        AddResult(state.Result);
        return mask;

        void AddState(State of)
        {
            foreach (var child in of.Children ?? [of])
                AddResult(child.Result);
        }

        void AddResult(TaskResult? result)
        {
            if (result is not { Location: null, IsLost: false })
                return; // what is in a store is no secret
            if (result.IsSecret)
                mask.Add(result.Value);
            else
                AddValue(result.Value);
        }

        void AddValue(object? value)
        {
            if (adapter.Unwrap(value) is { } found && adapter.IsSecret(found))
                mask.Add(found);
        }
    }
}
