using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A control request in a run's inbox.</summary>
/// <param name="Path">Path of the request.</param>
/// <param name="Request">The request.</param>
public sealed record InboxRequest(string Path, ControlRequest Request);
