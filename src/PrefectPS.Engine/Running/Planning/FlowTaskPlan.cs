using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Planned action for a task or child, and the reason. Immutable.</summary>
public sealed class FlowTaskPlan
{
    internal FlowTaskPlan(FlowTask task, int? mapIndex, string path, FlowPlanAction action, string reason)
    {
        Task = task;
        MapIndex = mapIndex;
        Path = path;
        Kind = action;
        Reason = reason;
    }

    /// <summary>The task.</summary>
    public FlowTask Task { get; }

    /// <summary>Slug of the task, with the index of a child: <c>task[3]</c>.</summary>
    public string Slug => ChildSlug.Of(Task, MapIndex);

    /// <summary>Slug preceded by those of the enclosing subflow tasks: <c>load/check</c>.</summary>
    public string Path { get; }

    /// <summary>Index of the child of a mapped task, from 0; null for a task itself.</summary>
    public int? MapIndex { get; }

    /// <summary>The planned action: Run, Cached, Skip, Wait, Keep, Fail, Undo or Unknown.</summary>
    public string Action => Kind.ToString();

    /// <summary>The reason.</summary>
    public string Reason { get; }

    internal FlowPlanAction Kind { get; }

    /// <summary>Path, action and reason.</summary>
    public override string ToString() => $"{Path}: {Action} ({Reason})";
}
