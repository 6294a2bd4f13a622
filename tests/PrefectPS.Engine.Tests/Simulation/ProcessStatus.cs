namespace PrefectPS.Engine.Tests.Simulation;

internal enum ProcessStatus
{
    /// <summary>Waiting at a call.</summary>
    Waiting,

    /// <summary>Running; only one process is at a time.</summary>
    Running,

    /// <summary>Killed at a call.</summary>
    Dead,

    /// <summary>Completed.</summary>
    Ended,
}
