namespace PrefectPS.Cluster;

/// <summary>A serialized value in transit between processes: inline or in the flow's store.</summary>
/// <param name="Content">The JSON; null where it is in the store.</param>
/// <param name="Location">The path in the store of the value, or of the files it refers to; null where it is wholly inline.</param>
public readonly record struct Payload(byte[]? Content, string? Location);
