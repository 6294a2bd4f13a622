using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A control request in a run's inbox.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Request">What is asked.</param>
public sealed record InboxRequest(string Path, ControlRequest Request);
