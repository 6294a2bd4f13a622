using PrefectPS.States;

namespace PrefectPS.Triggers;

/// <summary>Decides, from its upstream states, whether a task runs. Follows <c>prefect.triggers</c>.</summary>
internal interface ITrigger
{
    /// <summary>Its name in messages and documents, for example <c>all_successful</c>.</summary>
    string Name { get; }

    /// <summary>The state the task ends in instead of running; null where it runs.</summary>
    /// <param name="upstream">How its upstream tasks stand.</param>
    /// <param name="resumed">Whether a person, or the time that was set, has let the task go on.</param>
    State? Refuse(in UpstreamSummary upstream, bool resumed);
}
