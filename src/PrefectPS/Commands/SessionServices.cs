using PrefectPS.Caching;
using PrefectPS.Cluster;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What flows of a PowerShell session take from it.</summary>
internal static class SessionServices
{
    /// <summary>The environment variable that turns the writing of results off: <c>false</c>, <c>0</c>, <c>no</c> or <c>off</c>.</summary>
    private const string CheckpointingVariable = "PREFECTPS_CHECKPOINTING";

    /// <summary>The environment variable that keeps what tasks write off the record: as above.</summary>
    private const string LogVariable = "PREFECTPS_LOG";

    // One for all flows: a flow that is defined anew finds what the one before it kept.
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
