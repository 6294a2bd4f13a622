namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A machine as far as the network goes: what runs there has addresses of its own.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Address">Its address.</param>
/// <param name="HardwareAddress">That by which the others reach it.</param>
internal sealed record NetworkNode(string Name, string Address, string HardwareAddress)
{
    /// <summary>What starts a program there.</summary>
    public IReadOnlyList<string> Prefix { get; } = ["ip", "netns", "exec", Name];
}
