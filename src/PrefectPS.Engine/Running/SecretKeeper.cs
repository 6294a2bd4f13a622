using System.Runtime.CompilerServices;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>Masks secrets, those a task received and the one it returns, in state messages and errors, which are written.</summary>
/// <param name="states">The run's states.</param>
/// <param name="run">The run's identity.</param>
/// <param name="notices">Receives warnings of secrets too short to mask.</param>
/// <param name="path">Path of the subflow, with a trailing slash; empty for the root run.</param>
internal sealed class SecretKeeper(RunStateView states, RunIdentity run, IStepNotices notices, string path)
{
    private ConditionalWeakTable<TaskRun, StrongBox<MadeMask>>? _masks; // of tasks that write output
    private readonly ConditionalWeakTable<TaskResult, SecretPatterns> _forms = new(); // many children may share an input
    private HashSet<int>? _warned;

    /// <summary>Masks the secrets in a state's texts; returns the same state if there are none.</summary>
    public State Hide(TaskRun task, State state)
    {
        if (task.Task.IsSensitive && state.Result is { IsSecret: true, IsLost: false } made && !ReferenceEquals(made, task.State.Result))
            WarnOfShort(task, made);
        if (SaysNothing(state))
            return state;
        var mask = MaskOf(task, state);
        var message = mask.Hide(state.Message);
        var error = state.Error is { } e ? TaskErrors.Hide(e, mask) : null;
        return message == state.Message && error == state.Error ? state : state with { Message = message, Error = error };
    }

    /// <summary>Path of the subflow, with a trailing slash; empty for the root run.</summary>
    public string Path => path;

    /// <summary>Masks secrets in a task's output.</summary>
    public string HideIn(TaskRun task, string text) => (HasUnknown(task) ? MaskOf(task, task.State) : KeptMaskOf(task)).Hide(text)!;

    // Valid while the task's known secrets do not change.
    private SecretMask KeptMaskOf(TaskRun task)
    {
        var kept = (_masks ??= new()).GetValue(task, _ => new());
        var made = kept.Value;
        if (made is null || !ReferenceEquals(made.State, task.State) || !ReferenceEquals(made.Outcome, task.Outcome.State))
            kept.Value = made = new(MaskOf(task, task.State), task.State, task.Outcome.State);
        return made.Mask;
    }

    // A named secret is looked up on first use.
    private bool HasUnknown(TaskRun task) => task.Task.HasNamedSecrets && task.Task.Arguments.Any(argument => argument.Value is NamedSecret secret && secret.Known(run) is null);

    // The common case; the rest need not be fast.
    private static bool SaysNothing(State state) => state.Error is null && state.Message is null
        or StateMessages.Succeeded or StateMessages.Starting or StateMessages.Cancelled
        or StateMessages.UpstreamSkipped or StateMessages.ConditionNotMet or StateMessages.ReadyToMap;

    private void WarnOfShort(TaskRun task, TaskResult made)
    {
        if (FormsOf(made, task).HasShort && (_warned ??= []).Add(task.Task.Index))
            notices.Warn(StateMessages.SecretIsShort(task.Task.Slug, SecretPatterns.SafeLength));
    }

    private SecretPatterns FormsOf(TaskResult result, TaskRun task) =>
        _forms.GetValue(result, known => known.IsSecret
            ? SecretPatterns.Of(known.Value, task.Task.Flow.Services.Values)
            : SecretPatterns.InsideOf(known.Value, task.Task.Flow.Services.Values));

    private SecretMask MaskOf(TaskRun task, State state)
    {
        var adapter = task.Task.Flow.Services.Values;
        var mask = new SecretMask(adapter);
        var arguments = task.ArgumentsIn(run, states);
        for (var i = 0; i < task.Task.InputFrom.Count; i++)
            AddState(arguments.SourceOf(i));
        foreach (var upstream in task.Task.TriggerRule is CustomTrigger ? states.Plan.UpstreamOf(task.Task.Index) : [])
            AddState(states.States[upstream]);
        foreach (var argument in task.Task.Arguments)
            mask.Add(argument.Value is NamedSecret secret ? SecretPatterns.Of(secret.Known(run), adapter) : SecretPatterns.InsideOf(argument.Value, adapter));
        foreach (var source in task.Task.MapSources)
            mask.Add(SecretPatterns.InsideOf(source.Constant, adapter));
        foreach (var secret in run.Parameters is UnknownParameters ? [] : run.Secrets)
            mask.Add(run.Parameters[secret]);
        AddState(task.State);
        AddResult(task.State.LoopResult);
        AddResult(state.Result);
        if (task.Outcome.HasEnded)
            AddResult(task.Outcome.State.Result); // state handlers see the outcome before the task is in that state
        return mask;

        void AddState(State of)
        {
            foreach (var child in of.Children ?? [of])
                AddResult(child.Result);
        }

        void AddResult(TaskResult? result)
        {
            if (result is { Location: null, IsLost: false, IsPlanned: false }) // results in a store are not secret
                mask.Add(FormsOf(result, task));
        }
    }

    private sealed record MadeMask(SecretMask Mask, State State, State? Outcome);
}
