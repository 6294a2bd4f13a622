namespace PrefectPS.Flows;

/// <summary>Where a run is on record while a step works on it.</summary>
/// <param name="Incarnation">What tells the run from every other one.</param>
/// <param name="Results">What the paths begin with that this step alone writes to.</param>
public sealed record RecordPlace(string Incarnation, string Results);
