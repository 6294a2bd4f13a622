using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>A custom trigger: user code that decides by the upstream task states.</summary>
public sealed class CustomTrigger(string source, Func<IReadOnlyList<FlowTaskState>, bool> accepts) : ITrigger
{
    private static readonly State Refused = new(StateType.TriggerFailed, "Trigger failed");

    /// <inheritdoc/>
    public string Name => source;

    /// <inheritdoc/>
    public string Option => source;

    /// <inheritdoc/>
    public State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null) => accepts(states?.Invoke() ?? []) ? null : Refused;
}
