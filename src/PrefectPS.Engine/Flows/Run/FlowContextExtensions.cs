namespace PrefectPS.Flows;

/// <summary>The context of a body, as code that runs bodies sees it.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
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

        /// <summary>Takes what the body writes to its streams; null where nobody does.</summary>
        public ITaskOutput? Output => context.Output;

        /// <summary>Replaces the variables of a target in a text; it cannot name the task's inputs.</summary>
        /// <param name="text">The text.</param>
        /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
        public string Render(string text) => context.Render(text);
    }
}
