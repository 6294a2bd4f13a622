namespace PrefectPS.Flows;

/// <summary>Decides, from its inputs, whether a task has anything to do.</summary>
public interface ITaskCondition
{
    /// <summary>Its text, or another text that changes when what it asks changes.</summary>
    string Source { get; }

    /// <summary>Whether the task runs; otherwise it is Skipped.</summary>
    /// <exception cref="FlowSignalException">The task ends in the state that the signal carries.</exception>
    /// <remarks>Any other exception makes the task Failed.</remarks>
    bool IsMet(FlowContext context, TaskArguments arguments);
}
