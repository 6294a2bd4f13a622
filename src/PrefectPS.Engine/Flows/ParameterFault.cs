namespace PrefectPS.Flows;

/// <summary>A validation error of a parameter.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Fault">The fault and its remedy.</param>
public readonly record struct ParameterFault(string Parameter, string Fault);
