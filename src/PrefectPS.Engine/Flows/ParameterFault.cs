namespace PrefectPS.Flows;

/// <summary>What is wrong with a parameter of a flow.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Fault">What is wrong, and what to do.</param>
public readonly record struct ParameterFault(string Parameter, string Fault);
