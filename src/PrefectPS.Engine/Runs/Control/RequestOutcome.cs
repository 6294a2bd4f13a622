using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Outcome of sending a control request.</summary>
/// <param name="Run">The run after the request was applied; null if that was not awaited.</param>
/// <param name="Id">The request's id.</param>
public sealed record RequestOutcome(FlowState? Run, string Id);
