using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>Runs when every upstream task ended well (or was skipped); the default. Follows <c>prefect.triggers.all_successful</c>.</summary>
internal sealed class AllSuccessful : ITrigger
{
    public static readonly AllSuccessful Instance = new();

    private static readonly State Refused = new(StateType.TriggerFailed, StateMessages.TriggerNotMet("all_successful"));

    private AllSuccessful()
    {
    }

    public string Name => "all_successful";

    public State? Refuse(in UpstreamStates upstream) => upstream.All(StateTraits.Successful) ? null : Refused;
}
