namespace PrefectPS.Runs;

/// <summary>Reference to the newest log segment.</summary>
/// <param name="Name">Name in the store.</param>
/// <param name="Record">Number of the last record whose lines are in this or an older segment.</param>
internal sealed record LogReference(string Name, int Record);
