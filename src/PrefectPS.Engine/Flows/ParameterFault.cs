namespace PrefectPS.Flows;

/// <summary>A validation error of a parameter.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Fault">What is wrong, and what to do.</param>
public readonly record struct ParameterFault(string Parameter, string Fault);
