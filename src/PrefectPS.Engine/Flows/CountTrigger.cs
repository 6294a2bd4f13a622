using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A trigger that asks one question of the upstream states; without upstream tasks it lets its task run.</summary>
public sealed class CountTrigger(string name, string fault, CountTrigger.Question accepts) : ITrigger
{
    /// <summary>Runs when all upstream tasks ended well: the trigger of a task for which no other is chosen. Follows <c>prefect.triggers.all_successful</c>.</summary>
    internal static readonly CountTrigger AllSuccessful = new("all_successful", "some of the upstream tasks failed", (in u) => u.Successful == u.Total);

    private readonly State _refused = new(StateType.TriggerFailed, $"Trigger was \"{name}\" but {fault}.");

    /// <summary>What is asked.</summary>
    public delegate bool Question(in UpstreamSummary upstream);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Option => PascalCase(name);

    /// <summary>The least number of upstream tasks, where it was given; below 1 a fraction of them.</summary>
    internal double? AtLeast { get; init; }

    /// <summary>The most, likewise.</summary>
    internal double? AtMost { get; init; }

    /// <summary>A name of Prefect's as a script writes it.</summary>
    public static string PascalCase(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    /// <inheritdoc/>
    public State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null) =>
        !upstream.HasTasks || accepts(upstream) ? null : _refused;
}
