using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>A trigger that asks one question of the upstream states; without upstream tasks it lets its task run.</summary>
internal sealed class CountTrigger(string name, string fault, Func<UpstreamSummary, bool> accepts) : ITrigger
{
    private readonly State _refused = new(StateType.TriggerFailed, $"Trigger was \"{name}\" but {fault}.");

    public string Name => name;

    public State? Refuse(in TriggerInput input) => !input.Upstream.HasTasks || accepts(input.Upstream) ? null : _refused;
}
