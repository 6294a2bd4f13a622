namespace PrefectPS.Runs;

/// <summary>Takes leases that others hold for a moment: that is waited for.</summary>
internal static class PatientLease
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes a lease.</summary>
    /// <param name="files">The store.</param>
    /// <param name="path">Where the lease is.</param>
    /// <param name="services">The clock, and what waits.</param>
    /// <param name="lost">Called when it is lost.</param>
    /// <param name="isHeldForAMoment">Whether who holds it does so for a moment only.</param>
    /// <returns>The lease; null if somebody holds it, and for longer.</returns>
    /// <inheritdoc cref="Lease.TryTake(RunFiles, string, FlowServices, Action, bool, bool)"/>
    public static Lease? TryTake(RunFiles files, string path, FlowServices services, Action lost, Func<bool> isHeldForAMoment)
    {
        for (var waited = TimeSpan.Zero; ; waited += Interval)
        {
            if (Lease.TryTake(files, path, services, lost) is { } lease)
                return lease;
            if (waited >= Patience || !isHeldForAMoment())
                return null;
            services.Sleep(Interval, CancellationToken.None);
        }
    }
}
