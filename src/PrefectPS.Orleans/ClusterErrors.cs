using PrefectPS.Cluster;

namespace PrefectPS.Orleans;

/// <summary>Errors of clusters.</summary>
internal static class ClusterErrors
{
    public static FlowException AddressUnknown(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' is no address of a cluster. One is localhost[:port] (this machine alone), redis://host[:port][/number], postgres://host[:port]/database, sqlserver://host[:port]/database or aztable://account.", cluster);

    public static FlowException ConnectionStringNeeded(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"'{cluster}' needs the connection string of its storage account: New-FlowCluster -ConnectionString.", cluster);

    public static FlowException MembershipUnreachable(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The server that the workers of '{cluster}' find each other by cannot be reached: {Innermost(cause)}", cluster, cause) { IsTransient = true };

    public static FlowException TablesNotCreated(string database, string reason, string? script, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The tables by which the workers of a cluster find each other could not be created in the database '{database}': {reason.TrimEnd('.')}.{(script is null ? string.Empty : $" Let an administrator run the script '{script}' there; it also says what the role needs to be granted.")}", database, cause);

    public static FlowException NotJoined(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"The worker could not join the cluster '{cluster}': {Innermost(cause)}", cluster, cause) { IsTransient = true };

    public static FlowException NoWorker(FlowCluster cluster, Exception cause) =>
        new(FlowErrorId.ClusterFailed, $"No worker of the cluster '{cluster}' is to be reached: {Innermost(cause)}. Start-FlowWorker starts one.", cluster, cause) { IsTransient = true };

    public static FlowException Ended(FlowCluster cluster) =>
        new(FlowErrorId.ClusterFailed, $"The cluster '{cluster}' has ended: on one machine the first worker holds it together, and that one is gone. Start the workers again; the run goes on with its next step. Workers that find each other by a server (redis://, postgres://) outlive each one of them.", cluster);

    public static FlowException NotEncrypted(FlowCluster cluster, string task, string what) =>
        new(FlowErrorId.ClusterFailed, $"Task '{task}' {what}, and secrets are sent to a worker encrypted only: give the cluster '{cluster}' a certificate, by New-FlowCluster -Certificate here and on the workers.", task);

    public static FlowException CertificateWithoutKey(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The certificate of the cluster '{cluster}' has no private key, by which a worker proves that it belongs to it.", cluster);

    public static string Innermost(Exception e)
    {
        while (e is AggregateException or System.Reflection.TargetInvocationException || (e.InnerException is not null && e.Message.Length == 0))
            e = e.InnerException!;
        return e.InnerException is { } inner && inner.Message != e.Message ? $"{e.Message} ({inner.Message})" : e.Message;
    }
}
