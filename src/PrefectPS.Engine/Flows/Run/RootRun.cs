namespace PrefectPS.Flows;

/// <summary>A run that is in no other one: what is asked from outside is asked of it.</summary>
/// <param name="Flow">Its flow.</param>
/// <param name="RunId">Its id.</param>
public sealed record RootRun(Flow Flow, string RunId);
