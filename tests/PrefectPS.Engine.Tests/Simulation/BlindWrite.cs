namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A process replaced an object without having seen another process's write, or without knowing that its run had been taken over.</summary>
/// <param name="Path">Path of the object.</param>
/// <param name="By">The process that replaced it.</param>
/// <param name="Of">The process whose write was replaced.</param>
internal sealed record BlindWrite(string Path, SimulatedProcess By, SimulatedProcess Of);
