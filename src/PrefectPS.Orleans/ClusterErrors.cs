using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans;

/// <summary>The errors of clusters.</summary>
internal static class ClusterErrors
{
    public static FlowException AddressUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' is no address of a cluster. One is localhost[:port] (this machine alone), redis://host[:port][/number], postgres://host[:port]/database, sqlserver://host[:port]/database or aztable://account.", cluster);

    public static FlowException ConnectionStringNeeded(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' needs the connection string of its storage account: New-FlowCluster -ConnectionString.", cluster);

    public static FlowException ConnectionStringUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The connection string given for '{cluster}' is not in the form of this kind of server. It is not shown, as it may hold a secret.", cluster);

    public static FlowException AddressWithOptions(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The address of a cluster has no options, and '{cluster}' is followed by some, from '?' or '#' on. Give them by New-FlowCluster -ConnectionString; Redis by TLS is rediss://. In a password write %3F and %23.", cluster);

    public static FlowException TablesNotGranted(string database, string reason, string script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The role may not use the tables by which the workers of a cluster find each other in the database '{database}': {reason.TrimEnd('.')}. The script '{script}' says what it needs to be granted.", database, cause);

    public static FlowException TablesNotThere(string database, string reason, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker has joined yet by the database '{database}': the tables by which the workers of a cluster find each other are not there ({reason.TrimEnd('.')}). The first Start-FlowWorker creates them.", database, cause, isTransient: true);

    public static FlowException MembershipUnreachable(FlowCluster cluster, Exception cause) => MembershipUnreachable(cluster, Innermost(cause), cause);

    public static FlowException MembershipUnreachable(FlowCluster cluster, string reason, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The server that the workers of '{cluster}' find each other by cannot be reached: {reason}", cluster, cause, isTransient: true);

    public static FlowException TablesNotCreated(string database, string reason, string? script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The tables by which the workers of a cluster find each other could not be created in the database '{database}': {reason.TrimEnd('.')}.{(script is null ? string.Empty : $" Let an administrator run the script '{script}' there; it also says what the role needs to be granted.")}", database, cause);

    public static FlowException AddressNotHere(FlowCluster cluster, IPAddress address, IEnumerable<IPAddress> own) =>
        new(FlowErrorId.FlowInvalid, $"This machine has no address {address} for -ListenAddress. It has {string.Join(", ", own)}.", cluster);

    public static FlowException AddressNotSafe(FlowCluster cluster, IPAddress address) =>
        new(FlowErrorId.FlowInvalid, $"A worker of '{cluster}' listens at the loopback address alone, and not at {address}: it is of this machine, or nothing is encrypted. See New-FlowCluster, -Certificate and -AllowUnencrypted.", cluster);

    public static FlowException NotJoined(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The worker could not join the cluster '{cluster}': {Innermost(cause)}", cluster, cause, isTransient: true);

    public static FlowException NoWorker(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker of the cluster '{cluster}' is to be reached: {Innermost(cause)}. Start-FlowWorker starts one.", cluster, cause, isTransient: true);

    public static FlowException Ended(FlowCluster cluster) =>
        new(FlowErrorId.ClusterFailed, $"The cluster '{cluster}' has ended: on one machine the first worker holds it together, and that one is gone. Start the workers again; the run goes on with its next step. Workers that find each other by a server (redis://, postgres://) outlive each one of them.", cluster);

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
