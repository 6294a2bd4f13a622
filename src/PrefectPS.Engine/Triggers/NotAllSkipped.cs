using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>Runs if all upstream tasks succeeded and at least one was not skipped. Follows <c>prefect.triggers.not_all_skipped</c>.</summary>
internal sealed class NotAllSkipped : ITrigger
{
    private static readonly State Skipped = new(StateType.Skipped, "All upstreams were skipped");
    private static readonly State Refused = new(StateType.TriggerFailed, "Trigger was \"not_all_skipped\" but some of the upstream tasks failed.");

    public string Name => "not_all_skipped";

    public string Option => "NotAllSkipped";

    public State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null) =>
        upstream.Skipped == upstream.Total ? Skipped
        : upstream.Successful == upstream.Total ? null
        : Refused;
}
