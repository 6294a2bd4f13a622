using System.Globalization;

namespace PrefectPS.Cluster;

/// <summary>What a worker says of itself as it joins. Immutable.</summary>
/// <param name="Machine">The name of its machine.</param>
/// <param name="ProcessId">Its process there.</param>
/// <param name="Flows">The flows whose bodies it takes, those inside them among them: name and fingerprint.</param>
/// <param name="Tags">The tags that it serves.</param>
/// <param name="Places">How many bodies it runs at once.</param>
/// <param name="Since">When it was started; UTC.</param>
public sealed record WorkerProfile(
    string Machine, int ProcessId, IReadOnlyList<FlowVersion> Flows, IReadOnlyList<string> Tags, int Places, DateTimeOffset Since)
{
    /// <summary>How a worker is called in messages.</summary>
    public static string NameOf(string machine, int processId) => $"{machine}, process {processId.ToString(CultureInfo.InvariantCulture)}";
}
