using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Typed access to a state's subflow run.</summary>
internal static class StateSubflow
{
    extension(State state)
    {
        /// <inheritdoc cref="TaskProgress.SubflowRun"/>
        public FlowState? SubflowRun => (FlowState?)state.Progress.SubflowRun;
    }
}
