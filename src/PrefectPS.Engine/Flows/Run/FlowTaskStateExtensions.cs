using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Members of <see cref="FlowTaskState"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowTaskStateExtensions
{
    extension(FlowTaskState task)
    {
        /// <summary>The state itself.</summary>
        public State Inner => task.Inner;

        /// <summary>The type of its state.</summary>
        public StateType StateType => task.StateType;

        /// <summary>Identity of its run.</summary>
        public RunIdentity Identity => task.Identity;

        /// <summary>The run that requests are sent to: its own or, in a subflow, the outermost.</summary>
        public RootRun Root => task.Root;

        /// <summary>Origin of the run in this process; null if none.</summary>
        public IRunOrigin? Origin => task.Origin;

        /// <summary>Returns the task in another state.</summary>
        /// <param name="state">The state.</param>
        public FlowTaskState With(State state) => task.With(state);
    }
}
