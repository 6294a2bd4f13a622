using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Selections of tasks by slash-separated paths.</summary>
internal static class Selections
{
    public static RunSelection Only(params string[] tasks) => new(Paths(tasks), from: null);

    public static RunSelection From(params string[] tasks) => new(tasks: null, Paths(tasks));

    public static SelectionChange Any(this RunSelection? selection) => new(selection, SelectionScope.Any);

    public static FlowState Begin(this TestFlow flow, RunSelection selection) => selection.Any().ApplyTo(flow.New());

    /// <summary>Takes one step of the selected tasks.</summary>
    public static FlowState Step(this TestFlow flow, FlowState run, SelectionChange? selection, int? maxTasks = null, int throttle = 0) => StepRunner.Run(
        run,
        new()
        {
            Budget = new() { MaxTasks = maxTasks, Throttle = throttle > 0 ? new(throttle) : null },
            ResetCancelled = true,
            Selection = selection,
            Pool = throttle > 0 ? new ThreadPoolBodies() : null,
        },
        cancellationToken: TestContext.Current.CancellationToken);

    private static TaskPath[] Paths(string[] paths) => [.. paths.Select(path => new TaskPath(path.Split('/')))];
}
