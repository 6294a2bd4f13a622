using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>A custom trigger: user code that decides by the upstream task states.</summary>
internal sealed class CustomTrigger(string source, Func<IReadOnlyList<FlowTaskState>, bool> accepts) : ITrigger
{
    private static readonly State Refused = new(StateType.TriggerFailed, "Trigger failed");

    public string Name => source;

    public string Option => source;

    public State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null) => accepts(states?.Invoke() ?? []) ? null : Refused;
}
