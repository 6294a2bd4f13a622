using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans;

/// <summary>The errors of clusters.</summary>
internal static class ClusterErrors
{
    public static FlowException AddressUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' is not the address of a cluster. Use localhost[:port] (this machine only), redis://host[:port][/number], postgres://host[:port]/database, sqlserver://host[:port]/database or aztable://account.", cluster);

    public static FlowException ConnectionStringNeeded(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' needs the connection string of its storage account: New-FlowCluster -ConnectionString.", cluster);

    public static FlowException ConnectionStringUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The connection string for '{cluster}' is not valid for this kind of server. It is not shown, as it may hold a secret.", cluster);

    public static FlowException AddressWithOptions(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The address of a cluster has no options, and '{cluster}' has some after '?' or '#'. Pass them with New-FlowCluster -ConnectionString; for Redis with TLS use rediss://. In a password write %3F and %23.", cluster);

    public static FlowException TablesNotGranted(string database, string reason, string script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The role lacks rights on the cluster's membership tables in database '{database}': {reason.TrimEnd('.')}. The script '{script}' lists the rights it needs.", database, cause);

    public static FlowException TablesNotThere(string database, string reason, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker has joined by database '{database}' yet: the cluster's membership tables do not exist ({reason.TrimEnd('.')}). The first Start-FlowWorker creates them.", database, cause) { IsTransient = true };

    public static FlowException MembershipUnreachable(FlowCluster cluster, Exception cause) => MembershipUnreachable(cluster, Innermost(cause), cause);

    public static FlowException MembershipUnreachable(FlowCluster cluster, string reason, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The membership server of cluster '{cluster}' cannot be reached: {reason}", cluster, cause) { IsTransient = true };

    public static FlowException TablesNotCreated(string database, string reason, string? script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The cluster's membership tables could not be created in database '{database}': {reason.TrimEnd('.')}.{(script is null ? string.Empty : $" Have an administrator run the script '{script}' there; it also lists the rights the role needs.")}", database, cause);

    public static FlowException AddressNotHere(FlowCluster cluster, IPAddress address, IEnumerable<IPAddress> own) =>
        new(FlowErrorId.FlowInvalid, $"This machine has no address {address} for -ListenAddress. It has {string.Join(", ", own)}.", cluster);

    public static FlowException AddressNotSafe(FlowCluster cluster, IPAddress address) =>
        new(FlowErrorId.FlowInvalid, $"A worker of '{cluster}' can listen at the loopback address only, not at {address}: the cluster is local, or not encrypted. See New-FlowCluster, -Certificate and -AllowUnencrypted.", cluster);

    public static FlowException NotJoined(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The worker could not join the cluster '{cluster}': {Innermost(cause)}", cluster, cause) { IsTransient = true };

    public static FlowException NoWorker(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker of cluster '{cluster}' can be reached: {Innermost(cause)}. Start-FlowWorker starts one.", cluster, cause) { IsTransient = true };

    public static FlowException Ended(FlowCluster cluster) =>
        new(FlowErrorId.ClusterFailed, $"The cluster '{cluster}' has ended: on one machine the first worker hosts the membership, and it is gone. Start the workers again; the run continues with its next step. Workers with a membership server (redis://, postgres://) outlive each other.", cluster);

    public static string Innermost(Exception e)
    {
        if (e is OperationCanceledException or TimeoutException)
            return "nothing answers";
        if (e is FlowException)
            return e.Message; // the message includes its cause
        while (e is AggregateException or System.Reflection.TargetInvocationException || (e.InnerException is not null && e.Message.Length == 0))
            e = e.InnerException!;
        return e.InnerException is { } inner && inner.Message != e.Message && !IsEmpty(inner) ? $"{e.Message} ({inner.Message})" : e.Message;
    }

    // Microsoft.Data.SqlClient reports some failures with the system's message for "no error".
    private static bool IsEmpty(Exception e) => e is Win32Exception and not SocketException { SocketErrorCode: not SocketError.Success };
}
