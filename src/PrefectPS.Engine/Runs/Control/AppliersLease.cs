namespace PrefectPS.Runs;

/// <summary>Takes leases of runs where others hold one for a moment, to apply requests: that is waited for.</summary>
internal static class AppliersLease
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes a run's lease for a step or a removal.</summary>
    /// <returns>The lease; null where a step works on the run.</returns>
    /// <inheritdoc cref="Lease.TryTake(RunFiles, string, FlowServices, Action, bool)"/>
    public static Lease? TryTake(RunFiles files, RunFolder folder, FlowServices services, Action lost)
    {
        for (var waited = TimeSpan.Zero; ; waited += Interval)
        {
            if (Lease.TryTake(files, folder.Lease, services, lost) is { } lease)
                return lease;
            if (waited >= Patience || !Lease.IsForRequests(files, folder.Lease))
                return null;
            services.Sleep(Interval, CancellationToken.None);
        }
    }
}
