using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A network of namespaces on this machine, which can be partitioned: packets are dropped silently.</summary>
internal sealed class CutNetwork : IAsyncDisposable
{
    private const string Device = "eth0";
    private const string Nowhere = "02:00:00:00:00:01"; // no node has it

    private readonly string _name = $"pp{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
    private readonly string _subnet = string.Create(CultureInfo.InvariantCulture, $"10.{RandomNumberGenerator.GetInt32(128, 250)}.{RandomNumberGenerator.GetInt32(256)}");
    private readonly List<NetworkNode> _nodes = [];

    private CutNetwork()
    {
    }

    /// <summary>The initial node.</summary>
    public NetworkNode First => _nodes[0];

    /// <summary>Creates a network with only this process. Skips the test where the machine does not allow it.</summary>
    public static async Task<CutNetwork> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root of a Linux machine makes network namespaces.");
        var network = new CutNetwork();
        try
        {
            await IpAsync("link", "add", "name", network._name, "type", "bridge");
            await IpAsync("address", "add", $"{network._subnet}.1/24", "dev", network._name);
            await IpAsync("link", "set", network._name, "up");
            await network.AddAsync();
            return network;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await network.DisposeAsync();
            Assert.Skip($"This machine allows no network namespaces: {e.Message}");
            throw;
        }
    }

    /// <summary>Adds a node that reaches all others.</summary>
    public async Task<NetworkNode> AddAsync()
    {
        var number = (_nodes.Count + 2).ToString(CultureInfo.InvariantCulture);
        var node = new NetworkNode($"{_name}n{number}", $"{_subnet}.{number}", $"02:00:00:00:01:{_nodes.Count + 2:x2}");
        await IpAsync("netns", "add", node.Name);
        _nodes.Add(node);
        await IpAsync("link", "add", "name", node.Name, "type", "veth", "peer", "name", Device, "address", node.HardwareAddress, "netns", node.Name);
        await IpAsync("link", "set", node.Name, "master", _name, "up");
        await IpAsync("-n", node.Name, "link", "set", "lo", "up");
        await IpAsync("-n", node.Name, "address", "add", $"{node.Address}/24", "dev", Device);
        await IpAsync("-n", node.Name, "link", "set", Device, "up");
        return node;
    }

    /// <summary>Partitions a node from others, in both directions.</summary>
    public static Task CutAsync(NetworkNode node, IEnumerable<NetworkNode> others) => SendAsync(node, others, _ => Nowhere);

    /// <summary>Heals the partition.</summary>
    public static Task JoinAsync(NetworkNode node, IEnumerable<NetworkNode> others) => SendAsync(node, others, to => to.HardwareAddress);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await TryIpAsync(["netns", "delete", node.Name]);
        await TryIpAsync(["link", "delete", _name]);
    }

    private static async Task SendAsync(NetworkNode node, IEnumerable<NetworkNode> others, Func<NetworkNode, string> addressOf)
    {
        foreach (var other in others)
        {
            await IpAsync("-n", node.Name, "neighbour", "replace", other.Address, "lladdr", addressOf(other), "dev", Device, "nud", "permanent");
            await IpAsync("-n", other.Name, "neighbour", "replace", node.Address, "lladdr", addressOf(node), "dev", Device, "nud", "permanent");
        }
    }

    private static async Task IpAsync(params string[] arguments)
    {
        if (await TryIpAsync(arguments) is { Length: > 0 } error)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error.Trim()}");
    }

    private static async Task<string> TryIpAsync(string[] arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        return ip.ExitCode == 0 ? string.Empty : $"{error} ";
    }
}
