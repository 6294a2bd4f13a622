using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>The slugs of a mapped task's children: <c>task[3]</c>.</summary>
public static class ChildSlug
{
    /// <summary>The slug of a child, or of the task itself where there is no index.</summary>
    public static string Of(FlowTask task, int? index) => index is { } child ? Of(task.Slug, child) : task.Slug;

    /// <summary>The slug of a child of the task that goes by a slug.</summary>
    internal static string Of(string task, int index) => $"{task}[{index.ToString(CultureInfo.InvariantCulture)}]";
}
