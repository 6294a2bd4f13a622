namespace PrefectPS.Runs;

/// <summary>Names a record of a run's journal.</summary>
/// <param name="Number">Its number; 0 for none.</param>
/// <param name="Holder">Who held the lease and wrote it; null if that is not known.</param>
internal readonly record struct RecordReference(int Number, string? Holder);
