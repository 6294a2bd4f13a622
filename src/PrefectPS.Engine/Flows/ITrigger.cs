using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Decides from the upstream states whether a task runs. Follows <c>prefect.triggers</c>.</summary>
public interface ITrigger
{
    /// <summary>Name in messages and documents, for example <c>all_successful</c>.</summary>
    string Name { get; }

    /// <summary>Value of <c>-Trigger</c>: <c>AllSuccessful</c>, or the text of a block.</summary>
    string Option { get; }

    /// <summary>The state in which the task ends instead of running; null if it runs.</summary>
    /// <param name="upstream">Counts of the upstream states.</param>
    /// <param name="isResumed">Whether a pause of the task was ended by a person or a deadline.</param>
    /// <param name="states">Loads the upstream tasks with their states; used only by triggers that inspect them one by one.</param>
    State? Refuse(in UpstreamSummary upstream, bool isResumed, Func<IReadOnlyList<FlowTaskState>>? states = null);
}
