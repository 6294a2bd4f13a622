using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>What a step or run would do with a task, or a child of a mapped one, and why. Immutable.</summary>
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

    /// <summary>The task's slug; a child's has its index behind it: <c>task[3]</c>.</summary>
    public string Slug => ChildSlug.Of(Task, MapIndex);

    /// <summary>The slug, behind those of the tasks whose flow it is in: <c>load/check</c>.</summary>
    public string Path { get; }

    /// <summary>Which child of a mapped task this is, from 0; null for a task itself.</summary>
    public int? MapIndex { get; }

    /// <summary>What would be done: Run, Cached, Skip, Wait, Keep, Fail, Undo or Unknown.</summary>
    public string Action => Kind.ToString();

    /// <summary>Why, in words.</summary>
    public string Reason { get; }

    internal FlowPlanAction Kind { get; }

    /// <summary>The path, what would be done and why.</summary>
    public override string ToString() => $"{Path}: {Action} ({Reason})";
}
