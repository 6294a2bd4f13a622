using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The subflow run of a state, as the run that it is.</summary>
internal static class StateSubflow
{
    extension(State state)
    {
        /// <inheritdoc cref="TaskProgress.SubflowRun"/>
        public FlowState? SubflowRun => (FlowState?)state.Progress.SubflowRun;
    }
}
