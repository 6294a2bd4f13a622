namespace PrefectPS.Flows;

/// <summary>The time that a step has.</summary>
internal interface IStepTime
{
    /// <summary>What is left of it; null where it has no end. Never negative.</summary>
    TimeSpan? RemainingTime { get; }

    /// <summary>Cancelled when the step is being stopped from outside, or its time is over. To be asked on the step's own thread.</summary>
    CancellationToken End { get; }
}
