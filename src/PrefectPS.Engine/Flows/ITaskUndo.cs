namespace PrefectPS.Flows;

/// <summary>Reverts the effects of a task's body.</summary>
public interface ITaskUndo
{
    /// <summary>Source text.</summary>
    string Source { get; }

    /// <summary>Reverts the effects.</summary>
    /// <param name="context">The run, step and task.</param>
    /// <param name="result">The body's result.</param>
    /// <exception cref="FlowSignalException">Ends the undo, as done or failed by the signal's state.</exception>
    /// <remarks>Any other exception marks the undo as failed.</remarks>
    void Undo(FlowContext context, object? result);
}
