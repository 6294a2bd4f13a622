namespace PrefectPS.Running;

/// <summary>What the runs have in common that a step works on: a run, and those of flows inside it.</summary>
internal sealed class StepContext(StepClock clock)
{
    /// <summary>The step's budget.</summary>
    public StepClock Clock { get; } = clock;

    /// <summary>Told what a person should know of, though the run goes on without.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>Told of bodies that begin and end; null where nobody watches.</summary>
    public StepProgress? Progress { get; set; }
}
