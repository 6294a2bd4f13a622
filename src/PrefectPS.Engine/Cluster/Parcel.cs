namespace PrefectPS.Cluster;

/// <summary>A value as it travels between two processes: in the message, or by the flow's store.</summary>
/// <param name="Content">It, as JSON; null where it is in the store.</param>
/// <param name="Location">Its place in the store, and what the files that it refers to are beside; null where nothing of it is there.</param>
public readonly record struct Parcel(byte[]? Content, string? Location);
