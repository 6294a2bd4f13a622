namespace PrefectPS.Flows;

/// <summary>The body of a task, independent of the language it is written in.</summary>
public interface ITaskBody
{
    /// <summary>Source text, or another text that changes whenever the body does.</summary>
    string Source { get; }

    /// <summary>Runs one attempt.</summary>
    /// <param name="context">The run, step, task and attempt.</param>
    /// <param name="arguments">Parameter values by name.</param>
    /// <returns>The result; null if none.</returns>
    /// <exception cref="FlowSignalException">Ends the attempt in the signal's state.</exception>
    /// <exception cref="TaskFailedException">The attempt failed; carries a structured error.</exception>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    /// <remarks>Any other exception makes the task Failed.</remarks>
    object? Run(FlowContext context, TaskArguments arguments);
}
