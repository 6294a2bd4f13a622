namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>Builds a row's flow from its name, runs it and observes it.</summary>
internal static class Trials
{
    /// <summary>The observations; null where no flow is known for the row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="folder">An empty folder, for stores.</param>
    public static Sightings? Run(ReferenceRow row, string folder) => row.Section switch
    {
        "signals" => SignalTrials.Run(row),
        "retries" => RetryTrials.Run(row),
        "timeout" => TimeoutTrials.Run(row),
        "skip_on_upstream_skip" => SkipTrials.Run(row),
        "flow_state_and_runner" => RunStateTrials.Run(row) ?? GivenStateTrials.Run(row),
        "targets" => TargetTrials.Run(row, folder),
        "checkpointing" => CheckpointTrials.Run(row, folder),
        "caching" => CachingTrials.Run(row, folder),
        "mapping" => MappingTrials.Run(row),
        _ => null,
    };
}
