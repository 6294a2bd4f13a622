namespace PrefectPS.Flows;

/// <summary>Location of a run's record while a step works on it.</summary>
/// <param name="Incarnation">Incarnation of the run, which is unique.</param>
/// <param name="Results">Path prefix that only this step writes to.</param>
public sealed record RecordLocation(string Incarnation, string Results);
