namespace PrefectPS.Runs;

/// <summary>Reference to a journal record.</summary>
/// <param name="Number">The record's number; 0 for none.</param>
/// <param name="Holder">The holder that wrote it; null if unknown.</param>
internal readonly record struct RecordReference(int Number, string? Holder);
