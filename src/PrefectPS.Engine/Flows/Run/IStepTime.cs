namespace PrefectPS.Flows;

/// <summary>The time budget of a step.</summary>
internal interface IStepTime
{
    /// <summary>Remaining time; null if unlimited. Never negative.</summary>
    TimeSpan? RemainingTime { get; }

    /// <summary>Cancelled when the step is stopped or its time is over. Use on the step's own thread only.</summary>
    CancellationToken End { get; }
}
