using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>
/// Chooses tasks by name and by tag; what is not given chooses all. A name means, in this order: the task of exactly that name or slug; with an index, a
/// child of that mapped task (<c>m[1]</c>); else it is a wildcard. A task in a subflow is <c>task/inner</c>, in every child of a mapped task
/// unless an index says in which (<c>task[2]/inner</c>, or with a wildcard <c>task[2]/i*</c>). Case and culture do not matter.
/// </summary>
internal sealed class TaskSelector
{
    private const WildcardOptions Options = WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant;

    private readonly TaskName[]? _names;
    private readonly WildcardPattern[]? _tags;
    private readonly bool _looksIntoSubflows;
    private readonly bool _looksAtChildren;

    /// <param name="flow">The flow whose tasks are named.</param>
    /// <param name="names">The names; null for all tasks.</param>
    /// <param name="tags">Only tasks with one of these tags; wildcards are allowed. Null for all tasks.</param>
    /// <param name="run">The run whose tasks are named, where there is one.</param>
    public TaskSelector(Flow flow, string[]? names, string[]? tags = null, FlowState? run = null)
    {
        _names = names is null ? null : [.. names.Select(name => new TaskName(flow, name, run))];
        _tags = tags is null ? null : [.. tags.Select(Pattern)];
        _looksIntoSubflows = names?.Any(name => name.Contains('/')) == true;
        _looksAtChildren = _looksIntoSubflows || (_names is not null && Array.Exists(_names, name => name.NamesChild));
    }

    /// <summary>A wildcard as every cmdlet here understands it.</summary>
    public static WildcardPattern Pattern(string text) => new(text, Options);

    /// <summary>The names without wildcards that neither the flow nor its subflows have.</summary>
    public IEnumerable<string> MissingNames => (_names ?? []).Where(name => name.IsMissing).Select(name => name.Text);

    /// <summary>The names of children of mapped tasks, or of what is in some of them only.</summary>
    public IEnumerable<string> NamesOfChildren => (_names ?? []).Where(name => name.NamesChild).Select(name => name.Text);

    /// <summary>The names that choose nothing in a run: those that are missing in its flow, and children that a mapped task does not have there.</summary>
    public IEnumerable<string> MissingNamesIn(FlowState run) =>
        (_names ?? []).Where(name => name.IsMissing || (name.NamesChild && !Names(name, run.Tasks))).Select(name => name.Text);

    /// <summary>The names that choose nothing, as far as one task of a run tells: children, and what is in them, that it does not have there.</summary>
    public IEnumerable<string> MissingNamesIn(FlowTaskState task) =>
        (_names ?? []).Where(name => name.IsMissing || (task.MapIndex is null && name.NamesChild && name.IsWithin(task.Task) && !Names(name, [task]))).Select(name => name.Text);

    /// <summary>True if it chooses a task or a child; a child is chosen with its mapped task too.</summary>
    /// <param name="task">The task.</param>
    /// <param name="child">Which child of the mapped task it is; null for the task itself.</param>
    /// <param name="path">The path of the subflow that the task is in, with a slash behind it; empty for the run itself.</param>
    public bool Chooses(FlowTask task, int? child, string path = "") =>
        HasTag(task) && (_names is null || IsNamed(task, null, path) || (child is not null && IsNamed(task, child, path)));

    /// <summary>True if it chooses a task, or one of its children.</summary>
    public bool ChoosesAnyOf(FlowTask task, string path = "") =>
        HasTag(task) && (_names is null || IsNamed(task, null, path) || Array.Exists(_names, name => name.IsOfChild(task, path)));

    /// <summary>The tasks of a flow that it chooses, and where a name asks for them those of subflows.</summary>
    public IEnumerable<FlowTask> ChooseFrom(Flow flow, string path = "")
    {
        foreach (var task in flow.Tasks)
        {
            if (Chooses(task, child: null, path))
                yield return task;
            foreach (var inner in _looksIntoSubflows && task.Subflow is { } subflow ? ChooseFrom(subflow, $"{path}{task.Slug}/") : [])
                yield return inner;
        }
    }

    /// <summary>The tasks of a flow that it chooses, and where a name asks for them those of subflows, each by its path.</summary>
    public IEnumerable<TaskPath> PathsIn(Flow flow) => PathsIn(flow, [], string.Empty);

    /// <summary>The tasks of a run, and the children by a name of their own, that it chooses, each with the path before its slug.</summary>
    public IEnumerable<(FlowTaskState Task, string Path)> ChooseFrom(FlowState run) =>
        Parts(run.Tasks).Where(part => HasTag(part.Task.Task) && (_names is null || IsNamed(part.Task.Task, part.Task.MapIndex, part.Path)));

    /// <summary>The same of one task or child of a run, and what is in it.</summary>
    public IEnumerable<(FlowTaskState Task, string Path)> ChooseFrom(FlowTaskState task) => Parts([task]).Where(part =>
        ReferenceEquals(part.Task, task) ? Chooses(task.Task, task.MapIndex) : HasTag(part.Task.Task) && IsNamed(part.Task.Task, part.Task.MapIndex, part.Path));

    private IEnumerable<TaskPath> PathsIn(Flow flow, string[] outer, string path)
    {
        foreach (var task in flow.Tasks)
        {
            string[] slugs = [.. outer, task.Slug];
            if (Chooses(task, child: null, path))
                yield return new(slugs);
            foreach (var inner in _looksIntoSubflows && task.Subflow is { } subflow ? PathsIn(subflow, slugs, $"{path}{task.Slug}/") : [])
                yield return inner;
        }
    }

    // A mapped task before its children, where a name asks for them, each before the tasks of its subflow.
    private IEnumerable<(FlowTaskState Task, string Path)> Parts(IReadOnlyList<FlowTaskState> tasks, string path = "")
    {
        foreach (var task in tasks)
        {
            foreach (var part in _looksAtChildren ? task.Children.Prepend(task) : [task])
            {
                yield return (part, path);
                foreach (var inner in _looksIntoSubflows && part.Subflow is { } subflow ? Parts(subflow.Tasks, $"{path}{part.Slug}/") : [])
                    yield return inner;
            }
        }
    }

    private bool Names(TaskName name, IReadOnlyList<FlowTaskState> tasks) => Parts(tasks).Any(part => name.IsOf(part.Task.Task, part.Task.MapIndex, part.Path));

    private bool IsNamed(FlowTask task, int? child, string path) => Array.Exists(_names!, name => name.IsOf(task, child, path));

    private bool HasTag(FlowTask task) => _tags is null || Array.Exists(_tags, tag => task.Tags.Any(tag.IsMatch));
}
