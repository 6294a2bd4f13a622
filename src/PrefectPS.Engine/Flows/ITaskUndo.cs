namespace PrefectPS.Flows;

/// <summary>Takes back what the body of a task has done.</summary>
public interface ITaskUndo
{
    /// <summary>Its text.</summary>
    string Source { get; }

    /// <summary>Takes it back.</summary>
    /// <param name="context">The run, step and task.</param>
    /// <param name="result">What the body returned.</param>
    /// <exception cref="FlowSignalException">It has ended, well or not.</exception>
    /// <remarks>Any other exception says that it has failed.</remarks>
    void Undo(FlowContext context, object? result);
}
