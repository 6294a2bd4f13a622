using PrefectPS.Flows;

namespace PrefectPS.Notifications;

/// <summary>Finds tasks, children of maps and tasks of subflows that match by themselves, not because of what is inside them.</summary>
internal static class TaskLeaves
{
    /// <summary>Finds them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="wanted">Whether a task, child or subflow matches.</param>
    public static IEnumerable<(string Path, FlowTaskState State)> Of(FlowState run, Func<FlowTaskState, bool> wanted) => Of(run, string.Empty, wanted);

    private static IEnumerable<(string Path, FlowTaskState State)> Of(FlowState run, string path, Func<FlowTaskState, bool> wanted) =>
        run.Tasks.SelectMany(task => Of(task, path, wanted));

    private static List<(string Path, FlowTaskState State)> Of(FlowTaskState task, string path, Func<FlowTaskState, bool> wanted)
    {
        List<(string Path, FlowTaskState State)> inner =
        [
            .. task.Children.SelectMany(child => Of(child, path, wanted)),
            .. task.Subflow is { } subflow && wanted(task) ? Of(subflow, $"{path}{task.Slug}/", wanted) : [],
        ];
        return inner.Count > 0 ? inner : wanted(task) ? [(path + task.Slug, task)] : [];
    }
}
