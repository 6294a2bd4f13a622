namespace PrefectPS.Running;

/// <summary>A control request as it stands in a run's record. Immutable.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsVoid">Whether it changes nothing: there was nothing to stop, suspend, resume or set when its turn came.</param>
/// <param name="Tasks">The slugs of the run's tasks that it has set.</param>
internal sealed record AppliedRequest(ControlRequest Request, bool IsVoid, IReadOnlyList<string> Tasks);
