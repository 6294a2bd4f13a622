using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Members of <see cref="FlowState"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowStateExtensions
{
    extension(FlowState run)
    {
        /// <summary>Identity of the run, with its parameters.</summary>
        public RunIdentity Identity => run.Identity;

        /// <summary>The type of its state.</summary>
        public StateType StateType => run.StateType;

        /// <summary>States of the tasks by index; read-only.</summary>
        public State[] States => run.States;

        /// <summary>True if the run is over: nothing is left that a later step would run.</summary>
        public bool IsOver => run.IsOver;

        /// <summary>True if the run has ended and is being undone, or is to be.</summary>
        public bool IsUndoing => run.IsUndoing;

        /// <summary>Origin of the run in this process; null if it began here or was read from a store.</summary>
        public IRunOrigin? Origin => run.Origin;

        /// <summary>Creates a run that has not started.</summary>
        /// <param name="flow">The flow.</param>
        /// <param name="parameters">Values of its parameters, by name; null for none.</param>
        /// <param name="runId">The run's id; null for a new one.</param>
        /// <exception cref="FlowException">The flow has a cycle or an unknown upstream task, or <see cref="FlowErrorId.ParameterInvalid"/>.</exception>
        public static FlowState New(Flow flow, IReadOnlyDictionary<string, object?>? parameters = null, string? runId = null) => FlowState.New(flow, parameters, runId);

        /// <summary>Returns the run with another identity and other states.</summary>
        /// <param name="identity">Which run it is.</param>
        /// <param name="states">The states, by the tasks' index. Not to be written to afterwards.</param>
        public FlowState With(RunIdentity identity, State[] states) => run.With(identity, states);

        /// <summary>Returns the run with another origin.</summary>
        /// <param name="origin">What brought it to this process.</param>
        public FlowState From(IRunOrigin origin) => run.From(origin);
    }
}
