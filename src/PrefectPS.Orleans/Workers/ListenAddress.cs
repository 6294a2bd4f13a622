using System.Net;
using System.Net.NetworkInformation;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Orleans.Workers;

/// <summary>Validates -ListenAddress.</summary>
internal static class ListenAddress
{
    /// <summary>Verifies that an address belongs to this machine and is safe to listen on.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static void Check(IPAddress? address, FlowCluster cluster, IMembership membership)
    {
        if (address is null || IPAddress.IsLoopback(address))
            return;
        if (membership.EndsWithFirstWorker || SiloSettings.AddressOf(cluster) is not null)
            throw ClusterErrors.AddressNotSafe(cluster, address);
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(each => each.Address).ToArray();
        if (!own.Contains(address))
            throw ClusterErrors.AddressNotHere(cluster, address, own);
    }
}
