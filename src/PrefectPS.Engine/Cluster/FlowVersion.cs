namespace PrefectPS.Cluster;

/// <summary>A flow, in one version of its script.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
public sealed record FlowVersion(string Name, string Fingerprint);
