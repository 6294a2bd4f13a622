using System.Collections.Specialized;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Creates, continues and concludes the subflow run of a task.</summary>
internal static class SubflowRuns
{
    /// <summary>Creates a run of the task's subflow, or of a selected part of it; the task's arguments become its parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, or an input cannot be read.</exception>
    public static FlowState New(TaskRun task, RunIdentity outer, RunSelection? part, TaskArguments arguments)
    {
        var flow = task.Task.Subflow!;
        string[] secrets = [];
        var parameters = IfKnown(flow, () =>
        {
            secrets = [.. Enumerable.Range(0, arguments.Count).Where(arguments.HoldsSecret).Select(arguments.NameAt)];
            return RunParameters.Bind(flow, TableOf(arguments), secrets);
        });
        var id = LongName.Shorten($"{outer.RunId}.{task.Slug}", Limits.MaxReadNameLength);
        var identity = new RunIdentity(id, 0, flow.Services.Clock.GetUtcNow(), parameters)
        {
            Secrets = secrets,
            IsSensitive = outer.Hides(task.Task),
            Zone = outer.Zone,
            Selection = part,
            Coverage = outer.Coverage,
        };
        var run = FlowState.New(flow, identity);
        return task.State.ForceRerun ? run.Change((_, state) => state.ForcingRerun()) : run;
    }

    /// <summary>
    /// Continues a subflow run. After a failed attempt, only what failed runs again; if the task is under way, nothing does. Secret parameters, which
    /// were not kept, are taken from the task's arguments again.
    /// </summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, or an input cannot be read.</exception>
    public static FlowState Continue(TaskRun task, FlowState subflow, RunSelection? part, TaskArguments arguments)
    {
        var run = Equals(subflow.Identity.Selection, part) ? Restore(subflow, arguments) : Restore(subflow, arguments).Select(part);
        return task.IsUnderWay ? run : Again(run);
    }

    // In a plan, what depends on a result that does not exist yet is unknown too.
    private static IReadOnlyDictionary<string, object?> IfKnown(Flow flow, Func<IReadOnlyDictionary<string, object?>> bind)
    {
        try
        {
            return bind();
        }
        catch (NotKnownYetException)
        {
            return new UnknownParameters(flow.Parameters);
        }
    }

    private static FlowState Restore(FlowState subflow, TaskArguments arguments) =>
        subflow.Identity.LostSecrets.Any()
            ? subflow.With(subflow.Identity with { Parameters = IfKnown(subflow.Flow, () => RunParameters.Restore(subflow.Flow, subflow.Identity, TableOf(arguments))) },
                subflow.States)
            : subflow;

    private static FlowState Again(FlowState subflow) => subflow.StateType is StateType.Failed or StateType.Cancelled
        ? subflow.Change((_, state) => state.Type == StateType.Cancelled || state.Type.IsFailed() ? state.Reset(message: null) : state)
        : subflow;

    /// <summary>Marks all results of the run as secret if those of its task are.</summary>
    public static FlowState Mark(FlowState subflow, bool isSensitive) =>
        subflow.Identity.IsSensitive == isSensitive ? subflow : subflow.With(subflow.Identity with { IsSensitive = isSensitive }, subflow.States);

    /// <summary>State of a task whose subflow has ended.</summary>
    /// <exception cref="FlowException">A result cannot be read.</exception>
    public static State Outcome(FlowState subflow) => subflow.StateType switch
    {
        StateType.Success => new State(StateType.Success, StateMessages.Succeeded) { Result = ResultOf(subflow) }.WithSubflow(subflow),
        StateType.Failed => Failed(subflow).WithSubflow(subflow),
        var other => new State(other, StateMessages.Subflow(subflow)).WithSubflow(subflow),
    };

    private static State Failed(FlowState subflow)
    {
        var failed = subflow.Flow.Plan.Tasks.Where(task => subflow.States[task.Index].IsFailed && subflow.Selected?.Has(task.Index) != false).ToList();
        var first = (failed.Find(task => subflow.States[task.Index].Type != StateType.TriggerFailed) ?? failed[0]).Index;
        var error = ErrorOf(subflow.States[first]);
        var message = StateMessages.SubflowFailed(subflow.Flow.Name, subflow.Flow.Plan.Tasks[first].Slug, MessageOf(subflow.States[first]));
        return new(StateType.Failed, message)
        {
            Error = error is null
                ? new(message) { Id = FlowErrorId.SubflowFailed }
                : error with { Message = message, Id = error.Id ?? FlowErrorId.SubflowFailed },
        };
    }

    // Keeps type, id and location, so that retries can be filtered by them.
    private static TaskError? ErrorOf(State failed) => failed.Type.IsFailed() ? failed.Error : Array.Find(failed.Children!, child => child.IsFailed)?.Error;

    private static string? MessageOf(State failed) => failed.Type.IsFailed() || failed.Goal is not null
        ? failed.ShownMessage
        : $"{failed.Children!.Count(child => child.IsFailed).ToString(CultureInfo.InvariantCulture)} of its {failed.Children!.Length.ToString(CultureInfo.InvariantCulture)} children failed; the first: {Array.Find(failed.Children, child => child.IsFailed)!.Message}";

    private static Dictionary<string, object?> TableOf(TaskArguments arguments)
    {
        var table = RunParameters.NewTable();
        for (var i = 0; i < arguments.Count; i++)
            table[arguments[i].Key] = arguments[i].Value;
        return table;
    }

    // Like a function's result: that of the only reference task or, if there are several, a table by name. What derives from a secret is secret.
    private static TaskResult? ResultOf(FlowState subflow)
    {
        if (subflow.Selected is not null)
            return TaskResult.Unspecified; // a partial run has no result
        var plan = subflow.Flow.Plan;
        FlowTask[] references = [.. plan.Tasks.Where(task => plan.IsReference[task.Index])];
        if (references is [var only] && subflow.States[only.Index].Children is null)
            return subflow.States[only.Index] is { LacksResult: true } ? TaskResult.Unspecified : subflow.States[only.Index].Result;
        if (Array.Exists(references, task => subflow.States[task.Index].IsResultNotMade))
            return TaskResult.Planned;
        if (Array.Exists(references, task => subflow.States[task.Index].IsResultLost))
            return TaskResult.Lost;
        var value = references.Length == 1 ? subflow.States[references[0].Index].ReadResult() : ByName(references, subflow.States);
        return Array.Exists(references, task => subflow.States[task.Index].IsResultSecret) ? TaskResult.Secret(value) : TaskResult.Of(value);
    }

    private static OrderedDictionary ByName(FlowTask[] tasks, State[] states)
    {
        var results = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var task in tasks)
            results[task.Name] = states[task.Index].ReadResult();
        return results;
    }
}
