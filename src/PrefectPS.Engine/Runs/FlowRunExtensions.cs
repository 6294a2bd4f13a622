using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Members of <see cref="FlowRun"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowRunExtensions
{
    extension(FlowRun run)
    {
        /// <summary>The store of the run.</summary>
        public IFlowStore Provider => run.Provider;

        /// <summary>The folder of its record.</summary>
        public RunFolder Folder => run.Folder;

        /// <summary>Incarnation: distinguishes runs with the same id.</summary>
        public string Incarnation => run.Incarnation;

        /// <summary>The type of its state.</summary>
        public StateType StateType => run.StateType;

        /// <summary>The flow; null if only its name is known.</summary>
        public Flow? Definition => run.Definition;

        /// <summary>Returns the run with its flow.</summary>
        /// <param name="definition">The flow.</param>
        public FlowRun With(Flow definition) => run.With(definition);

        /// <summary>Returns the run marked as overdue.</summary>
        /// <param name="overdueReason">Why somebody should go on with it.</param>
        public FlowRun With(string overdueReason) => run.With(overdueReason);

        /// <summary>Summarizes a run.</summary>
        /// <param name="store">The store it is in.</param>
        /// <param name="state">The run.</param>
        /// <param name="incarnation">Tells apart runs that have had its id.</param>
        /// <param name="updated">When its last step ended; UTC.</param>
        public static FlowRun Of(IFlowStore store, FlowState state, string incarnation, DateTimeOffset updated) => FlowRun.Of(store, state, incarnation, updated);
    }
}
