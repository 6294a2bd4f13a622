using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>The slugs of a mapped task's children: <c>task[3]</c>.</summary>
public static class ChildSlug
{
    /// <summary>Slug of a child; of the task itself if the index is null.</summary>
    public static string Of(FlowTask task, int? index) => index is { } child ? Of(task.Slug, child) : task.Slug;

    /// <summary>Slug of a child of the task with this slug.</summary>
    internal static string Of(string task, int index) => $"{task}[{index.ToString(CultureInfo.InvariantCulture)}]";
}
