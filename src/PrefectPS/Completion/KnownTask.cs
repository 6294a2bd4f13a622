using PrefectPS.Flows;

namespace PrefectPS.Completion;

/// <summary>A task of the flow at hand, as far as completion needs it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Subflow">The subflow that is its body; null if it has none, or if it is not known.</param>
internal sealed record KnownTask(string Name, string Slug, IEnumerable<string> Tags, Flow? Subflow = null)
{
    /// <summary>The slugs of the inner tasks, as <c>task/inner</c>.</summary>
    public IEnumerable<string> InnerSlugs => SlugsIn(Subflow, Slug);

    private static IEnumerable<string> SlugsIn(Flow? flow, string path) =>
        from task in flow?.Tasks ?? []
        let slug = $"{path}/{task.Slug}"
        from known in SlugsIn(task.Subflow, slug).Prepend(slug)
        select known;
}
