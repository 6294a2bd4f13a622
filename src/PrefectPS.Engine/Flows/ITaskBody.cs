namespace PrefectPS.Flows;

/// <summary>What a task does. The engine calls it and knows nothing of the language it is written in.</summary>
public interface ITaskBody
{
    /// <summary>Its text, or another text that changes when what it does changes.</summary>
    string Source { get; }

    /// <summary>Runs it once.</summary>
    /// <param name="context">The run, step, task and attempt it runs for.</param>
    /// <param name="arguments">Its parameters' values, by name.</param>
    /// <returns>Its result; null for none.</returns>
    /// <exception cref="FlowSignalException">It ends in the state that the signal carries.</exception>
    /// <exception cref="TaskFailedException">It failed, with an error that says more than an exception does.</exception>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    /// <remarks>Any other exception makes the task Failed.</remarks>
    object? Run(FlowContext context, TaskArguments arguments);
}
