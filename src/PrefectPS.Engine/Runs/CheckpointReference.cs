namespace PrefectPS.Runs;

/// <summary>A checkpoint, as a record names it: the state document of a run, which includes the outcomes of all records up to one.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Record">The number of the last record whose outcomes it includes.</param>
/// <param name="Bytes">Its size, unpacked.</param>
internal sealed record CheckpointReference(string Name, int Record, int Bytes);
