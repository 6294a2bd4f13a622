namespace PrefectPS.Runs;

/// <summary>What a step keeps of its progress while it goes on, so that it survives the death of its process.</summary>
public enum FlowDurability
{
    /// <summary>Each task's end is on record before the next task begins.</summary>
    Task,

    /// <summary>What has ended is put on record a moment later, together; at the latest when the step ends.</summary>
    Batch,

    /// <summary>Everything is put on record when the step ends.</summary>
    Step,
}
