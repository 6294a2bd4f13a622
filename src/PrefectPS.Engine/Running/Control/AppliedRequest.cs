namespace PrefectPS.Running;

/// <summary>A control request as recorded. Immutable.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsVoid">Whether the request had no effect because there was nothing to stop, suspend, resume or set.</param>
/// <param name="Tasks">Slugs of the tasks whose state it set.</param>
internal sealed record AppliedRequest(ControlRequest Request, bool IsVoid, IReadOnlyList<string> Tasks);
