using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>What became of a control request.</summary>
/// <param name="Run">The run as it is on record once the request is applied; null where that was not waited for.</param>
/// <param name="Id">The request's id.</param>
public sealed record RequestOutcome(FlowState? Run, string Id);
