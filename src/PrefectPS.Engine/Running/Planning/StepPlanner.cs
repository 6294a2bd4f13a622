using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Plans a step by running it with <see cref="StepRunner"/>, so that the same checks decide, but without user code, writes or waits. Bodies are assumed
/// to succeed.
/// </summary>
internal static class StepPlanner
{
    /// <summary>Plans what a step would do with each task of a run.</summary>
    /// <param name="given">The run as the last step left it.</param>
    /// <param name="options">Options of the step.</param>
    /// <param name="stop">Cancels planning.</param>
    /// <exception cref="FlowException">As for <see cref="StepRunner.Run(FlowState, StepOptions, IRunRecorder?, IStepControl?, CancellationToken)"/>.</exception>
    public static IReadOnlyList<FlowTaskPlan> Plan(FlowState given, StepOptions options, CancellationToken stop)
    {
        var plan = new StepPlan(given.Flow.Services, options.Budget);
        var planned = options with { Plan = plan, Budget = options.Budget with { Wait = false, Throttle = null }, RoundTripsResults = false, Observer = null, Log = null };
        var after = given.Identity.Due is null ? StepRunner.Run(given, planned, cancellationToken: stop) : given;
        var reader = new Reader(plan, given);
        reader.Add(after, given, path: string.Empty);
        return reader.Plans;
    }

    /// <summary>Arranges the notes and the resulting states in the order of the flow.</summary>
    private sealed class Reader(StepPlan plan, FlowState root)
    {
        public List<FlowTaskPlan> Plans { get; } = [];

        public void Add(FlowState run, FlowState? before, string path)
        {
            var selected = run.Selected;
            foreach (var task in run.Flow.Plan.Tasks)
            {
                if (selected?.Has(task.Index) == false && !run.States[task.Index].IsFinished)
                    Plans.Add(new(task, null, path + task.Slug, FlowPlanAction.Keep, PlanReasons.NotSelected));
                else
                    Add(task, child: null, run.States[task.Index], before?.States[task.Index], path);
            }
        }

        // The action of a mapped task or a subflow follows from what is inside it.
        private FlowPlanAction Add(FlowTask task, int? child, State state, State? before, string path)
        {
            var own = path + ChildSlug.Of(task, child);
            if (ReferenceEquals(state, before) && state.IsFinished && !state.HasUndo(UndoPhase.Due) && plan.Find(own) is null)
                return Put(task, child, own, FlowPlanAction.Keep, PlanReasons.OfEnded(state));
            if (state.Children is not null && plan.Find(own) is (FlowPlanAction.Unknown, var why))
                return Put(task, child, own, FlowPlanAction.Unknown, why);
            if (state.Children is { } children)
                return AddMapped(task, state, children, before, path);
            var (action, reason) = Of(own, state);
            Put(task, child, own, action, reason);
            if ((action == FlowPlanAction.Run || state.HasUndo(UndoPhase.Done) || state.HasUndo(UndoPhase.Due)) && state.SubflowRun is { } subflow)
                Add((FlowState)subflow, before?.SubflowRun as FlowState, $"{own}/");
            return action;
        }

        private FlowPlanAction AddMapped(FlowTask task, State state, State[] children, State? before, string path)
        {
            var place = Plans.Count;
            var actions = new List<FlowPlanAction>(children.Length);
            for (var i = 0; i < children.Length; i++)
                actions.Add(Add(task, i, children[i], before?.Children?.ElementAtOrDefault(i), path));
            var action = actions.Count == 0 ? FlowPlanAction.Skip : First(actions);
            var counts = string.Join(", ",
                actions.GroupBy(each => each).OrderBy(group => group.Key).Select(group => $"{group.Count().ToString(CultureInfo.InvariantCulture)} {group.Key}"));
            Plans.Insert(place, new(task, null, path + task.Slug, action, actions.Count == 0 ? PlanReasons.NothingToMap : $"its children: {counts}"));
            return action;
        }

        private FlowPlanAction Put(FlowTask task, int? child, string path, FlowPlanAction action, string reason)
        {
            Plans.Add(new(task, child, path, action, reason));
            return action;
        }

        // The run's timeout comes after everything noted.
        private (FlowPlanAction Action, string Reason) Of(string path, State state) =>
            state.Error?.Id == FlowErrorId.RunTimedOut && !plan.Runs(path) ? PlanReasons.OfEnd(state)!.Value
            : plan.Find(path) ?? Unvisited(state);

        // Not reached by any check: the run waits as a whole.
        private (FlowPlanAction Action, string Reason) Unvisited(State state) =>
            state.Undo is { Phase: UndoPhase.Due } && !root.IsSuspended ? (FlowPlanAction.Wait, PlanReasons.OfUndoBehind)
            : state.IsFinished && state.Undo is not { Phase: UndoPhase.Due } ? (FlowPlanAction.Keep, PlanReasons.OfEnded(state))
            : root.Identity.Due is not null || root.IsSuspended || root.IsStopped ? (FlowPlanAction.Wait, root.Message)
            : (FlowPlanAction.Wait, "is not reached");

        private static FlowPlanAction First(List<FlowPlanAction> actions) =>
            new[] { FlowPlanAction.Undo, FlowPlanAction.Run, FlowPlanAction.Unknown, FlowPlanAction.Wait, FlowPlanAction.Fail, FlowPlanAction.Cached, FlowPlanAction.Skip }
                .Where(actions.Contains).DefaultIfEmpty(FlowPlanAction.Keep).First();
    }
}
