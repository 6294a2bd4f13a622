namespace PrefectPS.Flows;

/// <summary>Decides from a task's inputs whether it has anything to do.</summary>
public interface ITaskCondition
{
    /// <summary>Source text, or another text that changes whenever the condition does.</summary>
    string Source { get; }

    /// <summary>True to run the task; false to skip it.</summary>
    /// <exception cref="FlowSignalException">The task ends in the state that the signal carries.</exception>
    /// <remarks>Any other exception makes the task Failed.</remarks>
    bool IsMet(FlowContext context, TaskArguments arguments);
}
