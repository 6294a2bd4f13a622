using System.Globalization;

namespace PrefectPS.Cluster;

/// <summary>The description a worker joins with. Immutable.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="ProcessId">The process id.</param>
/// <param name="Flows">The flows it runs, by name and fingerprint; subflows are included.</param>
/// <param name="Tags">The tags that it serves.</param>
/// <param name="Places">The number of bodies it runs at a time.</param>
/// <param name="Since">The start time; UTC.</param>
public sealed record WorkerProfile(
    string Machine, int ProcessId, IReadOnlyList<FlowVersion> Flows, IReadOnlyList<string> Tags, int Places, DateTimeOffset Since)
{
    /// <summary>The worker's name in messages.</summary>
    public static string NameOf(string machine, int processId) => $"{machine}, process {processId.ToString(CultureInfo.InvariantCulture)}";
}
