namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>An object was replaced by a process that did not know of what another had written there, or that this one had taken its run over from.</summary>
/// <param name="Path">The object.</param>
/// <param name="By">Who replaced it.</param>
/// <param name="Of">Who had written it.</param>
internal sealed record BlindWrite(string Path, SimulatedProcess By, SimulatedProcess Of);
