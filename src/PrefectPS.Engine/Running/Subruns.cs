using System.Collections.Specialized;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>The run of a flow that is the body of a task: how it begins, and what the task comes to by it.</summary>
internal static class Subruns
{
    /// <summary>A new run of the task's subflow, which takes the task's arguments as its parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, or an input cannot be read.</exception>
    public static FlowState New(TaskRun task, RunInfo outer, TaskArguments arguments)
    {
        var flow = task.Task.Subflow!;
        string[] secrets = [.. Enumerable.Range(0, arguments.Count).Where(arguments.HoldsSecret).Select(arguments.NameAt)];
        var parameters = RunParameters.Bind(flow, TableOf(arguments), secrets);
        var id = $"{outer.RunId}.{RunPaths.SlugOf(task)}";
        var run = FlowState.New(flow, new RunInfo(id, 0, flow.Services.Clock.GetUtcNow(), parameters) { Secrets = secrets, IsSensitive = outer.Hides(task.Task) });
        return task.State.IsRepeat ? run.Change((_, state) => state with { IsRepeat = true }) : run;
    }

    /// <summary>
    /// The run to go on with. After a failed attempt what ended well is not done again; secrets among its parameters, which were not kept,
    /// are taken from the task's arguments once more.
    /// </summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, or an input cannot be read.</exception>
    public static FlowState GoOn(FlowState subrun, TaskArguments arguments) => Again(
        subrun.Run.LostSecrets.Any()
            ? new(subrun.Flow, subrun.Run with { Parameters = RunParameters.Regain(subrun.Flow, subrun.Run, TableOf(arguments)) }, subrun.States)
            : subrun);

    private static FlowState Again(FlowState subrun) => subrun.State is StateType.Failed or StateType.Cancelled
        ? subrun.Change((_, state) => state.Type == StateType.Cancelled || state.Type.IsFailed() ? state.Reset(message: null) : state)
        : subrun;

    /// <summary>Whether nothing is left to run.</summary>
    public static bool HasEnded(FlowState subrun) => subrun.State.IsFinished();

    /// <summary>The state of a task whose subrun has not ended: it waits for what the subrun waits for.</summary>
    public static State Parked(FlowState subrun) => new(subrun.State, $"Subflow '{subrun.Flow.Name}': {subrun.Message}")
    {
        DueTime = subrun.NextStartTime,
        Subrun = subrun,
    };

    /// <summary>The state of a task some of whose subrun's states were changed from outside: it goes on with it in the next step.</summary>
    public static State Changed(State task, FlowState subrun) =>
        HasEnded(subrun) && task.Type.IsFinished() ? task with { Subrun = subrun }
        : Parked(subrun) with { Type = HasEnded(subrun) ? StateType.Pending
            : subrun.State, RunCount = task.RunCount, IsResumed = task.IsResumed, Started = task.Started, IsRepeat = task.IsRepeat };

    /// <summary>The state of a task whose subrun has ended.</summary>
    /// <exception cref="FlowException">A result cannot be read.</exception>
    public static State Outcome(FlowState subrun) => subrun.State switch
    {
        StateType.Success => new(StateType.Success, StateMessages.Succeeded) { Result = ResultOf(subrun), Subrun = subrun },
        StateType.Failed => Failed(subrun),
        var other => new(other, $"Subflow '{subrun.Flow.Name}': {subrun.Message}") { Subrun = subrun },
    };

    private static State Failed(FlowState subrun)
    {
        var first = Array.FindIndex(subrun.States, state => state.IsFailed && state.Type != StateType.TriggerFailed);
        if (first < 0)
            first = Array.FindIndex(subrun.States, state => state.IsFailed);
        var message = StateMessages.SubflowFailed(subrun.Flow.Name, subrun.Flow.Plan.Tasks[first].Slug, MessageOf(subrun.States[first]));
        return new(StateType.Failed, message) { Error = new(message) { Id = FlowErrorId.SubflowFailed }, Subrun = subrun };
    }

    private static string? MessageOf(State failed) => failed.Type.IsFailed()
        ? failed.Message
        : $"{failed.Children!.Count(child => child.IsFailed).ToString(CultureInfo.InvariantCulture)} of its {failed.Children!.Length.ToString(CultureInfo.InvariantCulture)} children failed; the first: {Array.Find(failed.Children, child => child.IsFailed)!.Message}";

    private static Dictionary<string, object?> TableOf(TaskArguments arguments)
    {
        var table = RunParameters.NewTable();
        for (var i = 0; i < arguments.Count; i++)
            table[arguments[i].Key] = arguments[i].Value;
        return table;
    }

    // As a function's: the result of the one task that the flow is about or, of several, each by its name. What comes of a secret is one.
    private static TaskResult? ResultOf(FlowState subrun)
    {
        var plan = subrun.Flow.Plan;
        FlowTask[] references = [.. plan.Tasks.Where(task => plan.IsReference[task.Index])];
        if (references is [var only] && subrun.States[only.Index].Children is null)
            return subrun.States[only.Index].Result;
        if (Array.Exists(references, task => subrun.States[task.Index].IsResultLost))
            return TaskResult.Lost;
        var value = references.Length == 1 ? subrun.States[references[0].Index].ReadResult() : ByName(references, subrun.States);
        return Array.Exists(references, task => subrun.States[task.Index].IsResultSecret) ? TaskResult.Secret(value) : TaskResult.Of(value);
    }

    private static OrderedDictionary ByName(FlowTask[] tasks, State[] states)
    {
        var results = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var task in tasks)
            results[task.Name] = states[task.Index].ReadResult();
        return results;
    }
}
