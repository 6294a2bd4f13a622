namespace PrefectPS.Engine.Tests.Simulation;

internal enum ProcessStatus
{
    /// <summary>Held up at a call.</summary>
    Waiting,

    /// <summary>The one that goes on.</summary>
    Running,

    /// <summary>Killed at a call.</summary>
    Dead,

    /// <summary>It has done all it had to.</summary>
    Ended,
}
