namespace PrefectPS.Cluster;

/// <summary>A flow in one version of its script.</summary>
/// <param name="Name">The flow's name.</param>
/// <param name="Fingerprint">The flow's fingerprint.</param>
public sealed record FlowVersion(string Name, string Fingerprint);
