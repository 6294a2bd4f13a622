using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Runs when all upstream tasks ended well: what a task has for a trigger unless another is chosen. Follows <c>prefect.triggers.all_successful</c>.</summary>
internal sealed class AllSuccessful : ITrigger
{
    public static readonly AllSuccessful Instance = new();
    private static readonly State Refused = new(StateType.TriggerFailed, "Trigger was \"all_successful\" but some of the upstream tasks failed.");

    private AllSuccessful()
    {
    }

    public string Name => "all_successful";

    public State? Refuse(in TriggerInput input) => input.Upstream.Successful == input.Upstream.Total ? null : Refused;
}
