namespace PrefectPS.Flows;

/// <summary>Called on each state change of a task; may replace the new state.</summary>
public interface IStateHandler
{
    /// <summary>Called after a state change, before it is recorded.</summary>
    /// <param name="old">The task in its old state.</param>
    /// <param name="new">The task in its new state.</param>
    /// <returns>The state to use instead; null to keep the new one.</returns>
    /// <exception cref="FlowSignalException">The task takes the signal's state.</exception>
    /// <remarks>Any other exception makes the task Failed.</remarks>
    FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new);
}
