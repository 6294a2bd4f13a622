namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>An execution of a task body.</summary>
/// <param name="Step">The step.</param>
/// <param name="Task">Slug of the task.</param>
/// <param name="Value">The returned value, unique per execution.</param>
/// <param name="Began">Start time.</param>
internal sealed record Execution(Operation Step, string Task, string Value, int Began)
{
    /// <summary>End time; null if the process died in the body.</summary>
    public int? Ended { get; set; }

    /// <summary>Log line written at the start.</summary>
    public string FirstLine => $"{Value} begins";

    /// <summary>Log line written at the end.</summary>
    public string LastLine => $"{Value} ends";
}
