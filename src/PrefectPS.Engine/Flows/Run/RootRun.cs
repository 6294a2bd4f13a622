namespace PrefectPS.Flows;

/// <summary>A run that is not nested in another: the one that receives control requests.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="RunId">The run's id.</param>
public sealed record RootRun(Flow Flow, string RunId);
