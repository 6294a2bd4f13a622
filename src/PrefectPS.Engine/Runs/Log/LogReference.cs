namespace PrefectPS.Runs;

/// <summary>The newest segment of a run's log, as a record names it.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Record">The number of the last record whose lines are in it or in those before it.</param>
internal sealed record LogReference(string Name, int Record);
