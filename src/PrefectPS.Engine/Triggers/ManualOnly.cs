using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>Pauses the task until a person approves it. Follows <c>prefect.triggers.manual_only</c>.</summary>
internal sealed class ManualOnly : ITrigger
{
    private static readonly State Paused = new(StateType.Paused, "Trigger function is \"manual_only\"");

    public string Name => "manual_only";

    public string Option => "ManualOnly";

    public State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null) => isResumed ? null : Paused;
}
