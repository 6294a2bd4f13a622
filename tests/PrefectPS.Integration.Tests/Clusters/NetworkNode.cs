namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A network namespace with its own address.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Address">Its address.</param>
/// <param name="HardwareAddress">Its MAC address.</param>
internal sealed record NetworkNode(string Name, string Address, string HardwareAddress)
{
    /// <summary>What starts a program there.</summary>
    public IReadOnlyList<string> Prefix { get; } = ["ip", "netns", "exec", Name];
}
