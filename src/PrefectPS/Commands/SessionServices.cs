using PrefectPS.Caching;
using PrefectPS.Cluster;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Engine services of a PowerShell session.</summary>
internal static class SessionServices
{
    /// <summary>The environment variable that turns the writing of results off: <c>false</c>, <c>0</c>, <c>no</c> or <c>off</c>.</summary>
    private const string CheckpointingVariable = "PREFECTPS_CHECKPOINTING";

    /// <summary>The environment variable that turns the recording of task output off, with the same values.</summary>
    private const string LogVariable = "PREFECTPS_LOG";

    // Shared by all flows, so that a flow that is defined again finds the cached results.
    private static readonly SessionCache Cache = new();

    public static FlowServices Create() => new()
    {
        Values = PowerShellValues.Instance,
        SecretValues = SecretBearingValues.Instance,
        MoreSerializers = [new ClixmlSerializer()],
        Checkpoints = () => IsOn(CheckpointingVariable),
        KeepsLog = () => IsOn(LogVariable),
        SessionCache = Cache,
    };

    private static bool IsOn(string variable) =>
        Environment.GetEnvironmentVariable(variable) is not { } value || value.Trim().ToUpperInvariant() is not ("0" or "FALSE" or "NO" or "OFF");
}
