namespace PrefectPS.Flows;

/// <summary>Members of <see cref="FlowTask"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowTaskExtensions
{
    extension(FlowTask task)
    {
        /// <summary>Its index in the flow, in definition order.</summary>
        public int Index => task.Index;

        /// <summary>The event to wait for before the body runs; null if none.</summary>
        public EventWait? Event => task.Event;

        /// <summary>Undoes what the body has done; null if nothing can.</summary>
        public ITaskUndo? UndoBody => task.UndoBody;

        /// <summary>Parameters of the body that receive a value, repeated if they receive several.</summary>
        public IEnumerable<string> Given => task.Given;
    }
}
