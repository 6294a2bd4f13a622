namespace PrefectPS.Runs;

/// <summary>Reference to a checkpoint: the state document of a run, including the outcomes of all records up to one.</summary>
/// <param name="Name">Name in the store.</param>
/// <param name="Record">Number of the last record it includes.</param>
/// <param name="Bytes">Uncompressed size.</param>
internal sealed record CheckpointReference(string Name, int Record, int Bytes);
