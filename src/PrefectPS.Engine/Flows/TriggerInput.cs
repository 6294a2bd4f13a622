
namespace PrefectPS.Flows;

/// <summary>What a trigger decides from.</summary>
/// <param name="Upstream">How the upstream tasks stand.</param>
/// <param name="Resumed">Whether a person, or the time that was set, has let the task go on.</param>
/// <param name="States">The upstream tasks with their states; asked for only by a trigger that looks at them one by one.</param>
internal readonly record struct TriggerInput(UpstreamSummary Upstream, bool Resumed, Func<IReadOnlyList<FlowTaskState>>? States = null);
