using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Decides, from its upstream states, whether a task runs. Follows <c>prefect.triggers</c>.</summary>
internal interface ITrigger
{
    /// <summary>Its name in messages and documents, for example <c>all_successful</c>.</summary>
    string Name { get; }

    /// <summary>The state the task ends in instead of running; null where it runs.</summary>
    State? Refuse(in TriggerInput input);
}
