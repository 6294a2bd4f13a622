using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Commands;

/// <summary>Combines task states, such as those from <c>Set-FlowTaskState</c>, into their run.</summary>
internal static class TaskStateGatherer
{
    /// <summary>The run; tasks without a given state are Pending.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: they belong to different runs.</exception>
    public static FlowState Gather(IReadOnlyList<FlowTaskState> taskStates)
    {
        var (run, origin, flow) = (taskStates[0].Identity, taskStates[0].Origin, taskStates[0].Task.Flow);
        var states = new State[flow.Freeze().Tasks.Length];
        foreach (var taskState in taskStates)
        {
            if (taskState.MapIndex is not null)
                throw ModuleErrors.ChildWithoutTask(taskState.Slug);
            if (taskState.Task.Flow != flow || taskState.Identity.RunId != run.RunId || taskState.Identity.Step != run.Step)
                throw ModuleErrors.DifferentRuns();
            states[taskState.Task.Index] = taskState.Inner;
        }

        for (var i = 0; i < states.Length; i++)
            states[i] ??= State.NotRun;
        return GivenRun.From(origin, new(flow, run, states));
    }
}
