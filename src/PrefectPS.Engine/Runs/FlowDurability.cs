namespace PrefectPS.Runs;

/// <summary>When a step records its progress, so that it survives a crash.</summary>
public enum FlowDurability
{
    /// <summary>Each task's end is recorded before the next task begins.</summary>
    Task,

    /// <summary>Ended tasks are recorded in batches a moment later, at the latest when the step ends.</summary>
    Batch,

    /// <summary>Everything is recorded when the step ends.</summary>
    Step,
}
