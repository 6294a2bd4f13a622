using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A trigger that asks one question of the upstream states; without upstream tasks it lets its task run.</summary>
internal sealed class CountTrigger(string name, string fault, Func<UpstreamSummary, bool> accepts) : ITrigger
{
    /// <summary>Runs when all upstream tasks ended well: the trigger of a task for which no other is chosen. Follows <c>prefect.triggers.all_successful</c>.</summary>
    public static readonly CountTrigger AllSuccessful = new("all_successful", "some of the upstream tasks failed", u => u.Successful == u.Total);

    private readonly State _refused = new(StateType.TriggerFailed, $"Trigger was \"{name}\" but {fault}.");

    public string Name => name;

    public State? Refuse(in TriggerInput input) => !input.Upstream.HasTasks || accepts(input.Upstream) ? null : _refused;
}
