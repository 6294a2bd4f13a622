using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A trigger that tests the counts of upstream states; a task without upstream tasks always runs.</summary>
public sealed class CountTrigger(string name, string fault, CountTrigger.Question accepts) : ITrigger
{
    /// <summary>The default trigger: runs if all upstream tasks succeeded. Follows <c>prefect.triggers.all_successful</c>.</summary>
    internal static readonly CountTrigger AllSuccessful = new("all_successful", "some of the upstream tasks failed", (in u) => u.Successful == u.Total);

    private readonly State _refused = new(StateType.TriggerFailed, $"Trigger was \"{name}\" but {fault}.");

    /// <summary>Tests the counts of upstream states.</summary>
    public delegate bool Question(in UpstreamSummary upstream);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Option => PascalCase(name);

    /// <summary>Minimum number of upstream tasks, or a fraction of them below 1; null if not given.</summary>
    internal double? AtLeast { get; init; }

    /// <summary>Maximum number of upstream tasks, or a fraction of them below 1; null if not given.</summary>
    internal double? AtMost { get; init; }

    /// <summary>Converts a Prefect name to the form scripts use: <c>all_successful</c> to <c>AllSuccessful</c>.</summary>
    public static string PascalCase(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    /// <inheritdoc/>
    public State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null) =>
        !upstream.HasTasks || accepts(upstream) ? null : _refused;
}
