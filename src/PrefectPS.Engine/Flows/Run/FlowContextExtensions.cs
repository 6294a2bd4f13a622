namespace PrefectPS.Flows;

/// <summary>Members of <see cref="FlowContext"/> for assemblies that run bodies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowContextExtensions
{
    extension(FlowContext context)
    {
        /// <summary>The run that requests are sent to: its own or, in a subflow, the outermost.</summary>
        public RootRun Root => context.Root;

        /// <summary>True if the results of the task are secrets.</summary>
        public bool IsSecret => context.IsSecret;

        /// <summary>True if the body has ended its process before, or may have.</summary>
        public bool IsSuspect => context.IsSuspect;

        /// <summary>Location of the run's record; null if the run is not recorded.</summary>
        public RecordLocation? Record => context.Record;

        /// <summary>Receives the output of the body's streams; null if nobody does.</summary>
        public ITaskOutput? Output => context.Output;

        /// <summary>Replaces the variables of a target in a text; it cannot name the task's inputs.</summary>
        /// <param name="text">The text.</param>
        /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
        public string Render(string text) => context.Render(text);
    }
}
