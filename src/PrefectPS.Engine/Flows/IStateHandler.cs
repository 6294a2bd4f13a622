namespace PrefectPS.Flows;

/// <summary>Is told of every change of a task's state, and may change the new one.</summary>
public interface IStateHandler
{
    /// <summary>Called after a state has changed, before anything follows from it.</summary>
    /// <param name="old">The task in its old state.</param>
    /// <param name="new">The task in its new state.</param>
    /// <returns>The state to take instead; null to keep the new one.</returns>
    /// <exception cref="FlowSignalException">The task takes the signal's state.</exception>
    /// <remarks>Any other exception makes the task Failed.</remarks>
    FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new);
}
