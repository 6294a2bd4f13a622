using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>Members of <see cref="Flow"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowExtensions
{
    extension(Flow flow)
    {
        /// <summary>The clock, serializers and other services that its runs use.</summary>
        public FlowServices Services => flow.Services;

        /// <summary>The compiled plan, made on first use and again after a task was added.</summary>
        /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/> or <see cref="FlowErrorId.Cycle"/>.</exception>
        public FlowPlan Plan => flow.Plan;

        /// <summary>The store of its results and runs; null for none.</summary>
        public IFlowStore? Store => flow.Store;

        /// <summary>The schedule of its runs; null if none.</summary>
        public FlowSchedule? RunSchedule => flow.RunSchedule;

        /// <summary>True if its runs are on record by default: it has a store, and its results are written there.</summary>
        public bool RecordsRuns => flow.RecordsRuns;

        /// <summary>Data of the caller that the bodies of the flow's tasks share; null if none.</summary>
        public object? BodySettings => flow.BodySettings;

        /// <summary>Adds a task.</summary>
        /// <param name="options">The task.</param>
        /// <exception cref="FlowException">
        /// <see cref="FlowErrorId.TaskExists"/>, <see cref="FlowErrorId.Frozen"/>, <see cref="FlowErrorId.TaskInvalid"/> or <see cref="FlowErrorId.TargetInvalid"/>.
        /// </exception>
        public FlowTask Add(TaskOptions options) => flow.Add(options);

        /// <summary>Finds a task by slug or name, case-insensitive; null if none.</summary>
        /// <param name="key">The slug or name.</param>
        public FlowTask? Find(string key) => flow.Find(key);

        /// <summary>Compiles the plan; no task can be added after that, nor to the flows that its tasks run.</summary>
        /// <exception cref="FlowException">
        /// <see cref="FlowErrorId.TaskNotFound"/>, <see cref="FlowErrorId.Cycle"/>, or <see cref="FlowErrorId.FlowInvalid"/> where too many flows are nested.
        /// </exception>
        public FlowPlan Freeze() => flow.Freeze();

        /// <summary>The flow and those that are bodies of its tasks, at any depth: each once, before those inside it.</summary>
        public IEnumerable<Flow> WithSubflows() => flow.WithSubflows();
    }
}
