namespace PrefectPS.Runs;

/// <summary>Takes leases of runs where others hold one for a moment, to apply requests: that is waited for.</summary>
internal static class AppliersLease
{
    /// <summary>Takes a run's lease for a step or a removal.</summary>
    /// <returns>The lease; null if a step works on the run.</returns>
    /// <inheritdoc cref="Lease.TryTake(RunFiles, string, FlowServices, Action, bool, bool)"/>
    public static Lease? TryTake(RunFiles files, RunFolder folder, FlowServices services, Action lost) =>
        PatientLease.TryTake(files, folder.Lease, services, lost, () => Lease.IsForRequests(files, folder.Lease));
}
