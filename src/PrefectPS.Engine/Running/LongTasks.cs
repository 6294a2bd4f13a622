using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Warns of tasks that are expected to run longer than a step may.</summary>
internal static class LongTasks
{
    /// <summary>Warns of tasks that the step will not start because they take longer than its budget: they could be postponed step after step, forever.</summary>
    public static void Warn(FlowState run, StepOptions options)
    {
        var now = run.Flow.Services.Clock.GetUtcNow();
        if (options.Budget.EndAfter(now) is not { } end)
            return;
        var limit = end == options.Budget.Deadline
            ? $"the {end - now} left until {end:O}: this step will not"
            : $"the step's budget of {options.Budget.Time}: no such step will ever";
        foreach (var (path, expected) in Of(run, end - now))
            options.Notices.Warn($"Task '{path}' is expected to run for {expected}, longer than {limit} start it.");
    }

    /// <summary>Unfinished tasks, nested flows included, that are expected to run longer than a step has time.</summary>
    /// <returns>Their paths, as <c>task/inner</c>, and how long they are expected to run.</returns>
    public static IEnumerable<(string Path, TimeSpan Expected)> Of(FlowState run, TimeSpan time) => Of(run.Flow, run, run.Identity.Selection, string.Empty, time);

    private static IEnumerable<(string Path, TimeSpan Expected)> Of(Flow flow, FlowState? run, RunSelection? selection, string start, TimeSpan time)
    {
        var selected = selection?.In(flow.Plan);
        foreach (var index in run?.Settled.Unsettled ?? flow.Plan.Order)
        {
            var task = flow.Plan.Tasks[index];
            if (selected?.Has(task.Index) == false)
                continue;
            var state = run?.States[index];
            if (state?.IsFinished == true)
                continue;
            if (task.ExpectedDuration is { } expected && expected > time)
                yield return (start + task.Slug, expected);
            foreach (var inner in task.Subflow is { } subflow ? Of(subflow, state?.SubflowRun, selected?.PartOf(task.Index), $"{start}{task.Slug}/", time) : [])
                yield return inner;
        }
    }
}
