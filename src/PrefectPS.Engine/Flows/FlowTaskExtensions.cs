namespace PrefectPS.Flows;

/// <summary>A task, as code that builds on the engine sees it.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class FlowTaskExtensions
{
    extension(FlowTask task)
    {
        /// <summary>Its index in the flow, in definition order.</summary>
        public int Index => task.Index;

        /// <summary>The event that it waits for before its body runs; null for none.</summary>
        public EventWait? Event => task.Event;

        /// <summary>Takes back what its body has done; null where nothing can.</summary>
        public ITaskUndo? UndoBody => task.UndoBody;

        /// <summary>The parameters of its body that are given a value, each as often as it is.</summary>
        public IEnumerable<string> Given => task.Given;
    }
}
