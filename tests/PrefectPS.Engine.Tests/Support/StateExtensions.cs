using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

internal static class StateExtensions
{
    /// <summary>A task's state in a run.</summary>
    public static FlowTaskState Of(this FlowState run, string slug) => run.Tasks.Single(t => t.Slug == slug);

    /// <summary>The types of all tasks' states, in definition order.</summary>
    public static StateType[] Types(this FlowState run) => [.. run.Tasks.Select(t => t.StateType)];

    /// <summary>The run with one task's state set by hand.</summary>
    public static FlowState Set(this FlowState run, string slug, StateType type, string? message = null) =>
        run.Change((task, state) => task.Slug == slug ? new State(type, message) : state);
}
