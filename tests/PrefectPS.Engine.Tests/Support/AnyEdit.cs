using CsCheck;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A random manual edit of tasks, children and subflow tasks to any state that users may set.</summary>
/// <param name="edit">The edit, before a selection of tasks.</param>
/// <param name="chosen">Indices of the edited tasks, modulo their number; null for all.</param>
internal sealed class AnyEdit(TaskEdit edit, int[]? chosen)
{
    private static readonly StateType[] Types =
    [
        StateType.Pending, StateType.Cancelled, StateType.Failed, StateType.Skipped, StateType.Success, StateType.Scheduled, StateType.Resume, StateType.Paused, StateType.Retrying,
    ];

    private static readonly StateType[]?[] Froms =
        [null, null, null, [StateType.Success], [StateType.Failed, StateType.Cancelled], [StateType.Pending, StateType.Paused, StateType.Skipped]];

    // Results to set; some can be mapped over.
    private static readonly object?[] Results = [null, "set", 7, new object[] { "set.0", "set.1", "set.2" }, new object[] { new object[] { "set.0.0" }, "set.1" }, Array.Empty<object>()];

    public static Gen<AnyEdit> Any { get; } =
        from to in Gen.Int[0, Types.Length - 1].Select(type => Types[type])
        from chosen in Gen.Int[0, 1000].Array[1, 4].Null(0.1)
        from only in Gen.Int[0, Froms.Length - 1].Select(types => Froms[types])
        from result in Gen.Int[-3, Results.Length - 1]
        from hours in Gen.Int[-1, 3]
        from includesDownstream in Gen.Bool
        select new AnyEdit(
            new(to)
            {
                From = only,
                HasResult = result >= 0 && to.IsFinished(),
                Result = result >= 0 && to.IsFinished() ? Results[result] : null,
                DueTime = hours >= 0 && to.IsScheduled() ? TestFlow.Start + TimeSpan.FromHours(hours) : null,
                IncludesDownstream = includesDownstream,
            },
            chosen);

    /// <summary>Returns the edit restricted to tasks, children and subflow tasks of this run.</summary>
    public TaskEdit In(FlowState run)
    {
        var paths = PathsIn(run, string.Empty).ToList();
        return edit with { Tasks = chosen is null ? null : [.. chosen.Select(number => paths[number % paths.Count])] };
    }

    public override string ToString() => $"{edit} {(edit.Result is object[] items ? $"[{string.Join(' ', items)}] " : "")}of {(chosen is null ? "all" : string.Join(' ', chosen))}";

    private static IEnumerable<string> PathsIn(FlowState run, string path) =>
        from task in run.Tasks
        from part in task.Children.Prepend(task)
        from found in (part.Subflow is { } inner ? PathsIn(inner, $"{path}{part.Slug}/") : []).Prepend(path + part.Slug)
        select found;
}
