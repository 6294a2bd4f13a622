namespace PrefectPS.Running;

/// <summary>What the runs have in common that a step works on: a run, and those of flows inside it.</summary>
internal sealed class StepContext(StepClock clock)
{
    /// <summary>The step's budget.</summary>
    public StepClock Clock { get; } = clock;

    /// <summary>Told of bodies that begin and end; null where nobody watches.</summary>
    public StepProgress? Progress { get; set; }
}
