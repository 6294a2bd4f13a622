using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Finds tasks that a step does not start, however little else it does.</summary>
internal static class LongTasks
{
    /// <summary>Those unfinished tasks of a run, and of flows inside it, that are expected to run for longer than a step has time.</summary>
    /// <returns>Their paths, as <c>task/inner</c>, and how long they are expected to run.</returns>
    public static IEnumerable<(string Path, TimeSpan Expected)> Of(FlowState run, TimeSpan time) => Of(run.Flow, run.States, string.Empty, time);

    private static IEnumerable<(string Path, TimeSpan Expected)> Of(Flow flow, State[]? states, string start, TimeSpan time)
    {
        foreach (var task in flow.Tasks)
        {
            var state = states?[task.Index];
            if (state?.IsFinished == true)
                continue;
            if (task.ExpectedDuration is { } expected && expected > time)
                yield return (start + task.Slug, expected);
            foreach (var inner in task.Subflow is { } subflow ? Of(subflow, state?.SubflowRun?.States, $"{start}{task.Slug}/", time) : [])
                yield return inner;
        }
    }
}
