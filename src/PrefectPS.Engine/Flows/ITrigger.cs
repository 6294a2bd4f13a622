using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Decides, from its upstream states, whether a task runs. Follows <c>prefect.triggers</c>.</summary>
public interface ITrigger
{
    /// <summary>Its name in messages and documents, for example <c>all_successful</c>.</summary>
    string Name { get; }

    /// <summary>What a script chooses it by: its name as <c>AllSuccessful</c>, or the text of a block.</summary>
    string Option { get; }

    /// <summary>The state the task ends in instead of running; null where it runs.</summary>
    /// <param name="upstream">How the upstream tasks stand.</param>
    /// <param name="isResumed">Whether a person, or the time that was set, has let the task go on.</param>
    /// <param name="states">The upstream tasks with their states; asked for only by a trigger that looks at them one by one.</param>
    State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null);
}
