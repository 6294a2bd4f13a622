using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

internal static class StateExtensions
{
    /// <summary>State of a task in a run.</summary>
    public static FlowTaskState Of(this FlowState run, string slug) => run.Tasks.Single(t => t.Slug == slug);

    /// <summary>State types of all tasks, in definition order.</summary>
    public static StateType[] Types(this FlowState run) => [.. run.Tasks.Select(t => t.StateType)];

    /// <summary>Sets the state of a task.</summary>
    public static FlowState Set(this FlowState run, string slug, StateType type, string? message = null) =>
        run.Change((task, state) => task.Slug == slug ? new State(type, message) : state);
}
