namespace PrefectPS.Runs;

/// <summary>Acquires leases, waiting for holders that keep them only briefly.</summary>
internal static class LeaseWait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Acquires a run's lease for a step or a removal, waiting while it is held to apply requests.</summary>
    /// <returns>The lease; null if a step works on the run.</returns>
    /// <inheritdoc cref="Lease.TryTake(RunFiles, string, FlowServices, Action, bool, bool)"/>
    public static Lease? TryTake(RunFiles files, RunFolder folder, FlowServices services, Action lost) =>
        TryTake(files, folder.Lease, services, lost, () => Lease.IsForRequests(files, folder.Lease));

    /// <summary>Acquires the lease under which a flow's next run is searched for or created.</summary>
    /// <returns>The lease; null if others hold it for too long.</returns>
    /// <inheritdoc cref="Lease.TryTake(RunFiles, string, FlowServices, Action, bool, bool)"/>
    public static Lease? TryTakeResume(RunFiles files, string flow, FlowServices services) =>
        TryTake(files, RunFolder.ResumeLease(flow), services, () => { }, isHeldBriefly: () => true);

    private static Lease? TryTake(RunFiles files, string path, FlowServices services, Action lost, Func<bool> isHeldBriefly)
    {
        for (var waited = TimeSpan.Zero; ; waited += Interval)
        {
            if (Lease.TryTake(files, path, services, lost) is { } lease)
                return lease;
            if (waited >= Patience || !isHeldBriefly())
                return null;
            services.Sleep(Interval, CancellationToken.None);
        }
    }
}
