using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans;

/// <summary>The errors of clusters.</summary>
internal static class ClusterErrors
{
    public static FlowException AddressUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' is not an address of a cluster. Use localhost[:port] (only this machine), redis://host[:port][/number], postgres://host[:port]/database, sqlserver://host[:port]/database or aztable://account.", cluster);

    public static FlowException ConnectionStringNeeded(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' needs the connection string of its storage account: New-FlowCluster -ConnectionString.", cluster);

    public static FlowException ConnectionStringUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The connection string for '{cluster}' is not valid for this kind of server. It is not shown, because it may contain a secret.", cluster);

    public static FlowException AddressWithOptions(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The address of a cluster cannot have options, but '{cluster}' is followed by '?' or '#'. Pass options with New-FlowCluster -ConnectionString; for Redis with TLS, use rediss://. In a password, use %3F and %23.", cluster);

    public static FlowException TablesNotGranted(string database, string reason, string script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The role is not allowed to use the tables through which the workers of a cluster find each other in the database '{database}': {reason.TrimEnd('.')}. The script '{script}' lists the required permissions.", database, cause);

    public static FlowException TablesNotThere(string database, string reason, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker has joined through the database '{database}' yet: the tables through which the workers of a cluster find each other do not exist ({reason.TrimEnd('.')}). The first Start-FlowWorker creates them.", database, cause, isTransient: true);

    public static FlowException MembershipUnreachable(FlowCluster cluster, Exception cause) => MembershipUnreachable(cluster, Innermost(cause), cause);

    public static FlowException MembershipUnreachable(FlowCluster cluster, string reason, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The server through which the workers of '{cluster}' find each other cannot be reached: {reason}", cluster, cause, isTransient: true);

    public static FlowException TablesNotCreated(string database, string reason, string? script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The tables through which the workers of a cluster find each other could not be created in the database '{database}': {reason.TrimEnd('.')}.{(script is null ? string.Empty : $" Ask an administrator to run the script '{script}' there; it also lists the permissions that the role needs.")}", database, cause);

    public static FlowException AddressNotHere(FlowCluster cluster, IPAddress address, IEnumerable<IPAddress> own) =>
        new(FlowErrorId.FlowInvalid, $"This machine has no address {address} for -ListenAddress. It has {string.Join(", ", own)}.", cluster);

    public static FlowException AddressNotSafe(FlowCluster cluster, IPAddress address) =>
        new(FlowErrorId.FlowInvalid, $"A worker of '{cluster}' only listens on the loopback address, not on {address}, because the cluster is local or not encrypted. See New-FlowCluster -Certificate and -AllowUnencrypted.", cluster);

    public static FlowException NotJoined(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The worker could not join the cluster '{cluster}': {Innermost(cause)}", cluster, cause, isTransient: true);

    public static FlowException NoWorker(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker of the cluster '{cluster}' can be reached: {Innermost(cause)}. Start a worker with Start-FlowWorker.", cluster, cause, isTransient: true);

    public static FlowException Ended(FlowCluster cluster) =>
        new(FlowErrorId.ClusterFailed, $"The cluster '{cluster}' has ended, because its first worker, which hosts a cluster on one machine, has ended. Start the workers again; the run continues with its next step. A cluster with a server (redis://, postgres://) does not depend on a single worker.", cluster);

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
