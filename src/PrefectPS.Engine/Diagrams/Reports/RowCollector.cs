using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Flattens a run to rows: each task is followed by its children and the tasks of its subflow.</summary>
internal sealed class RowCollector
{
    private readonly List<ReportRow> _rows = [];

    /// <summary>Collects a run's rows.</summary>
    public static List<ReportRow> Collect(FlowState run)
    {
        var collector = new RowCollector();
        collector.Add(run, prefix: string.Empty, parent: null);
        return collector._rows;
    }

    private void Add(FlowState run, string prefix, int? parent)
    {
        var plan = run.Flow.Plan;
        var rowOf = new int[plan.Tasks.Length];
        foreach (var task in plan.Tasks)
        {
            rowOf[task.Index] = _rows.Count;
            var state = run.States[task.Index];
            var slug = prefix + task.Slug;
            Add(new ReportRow(slug, task, state, parent));
            for (var i = 0; i < (state.Children ?? []).Length; i++)
                Add(new ReportRow(prefix + ChildSlug.Of(task, i), task, state.Children![i], rowOf[task.Index]));
        }

        foreach (var task in plan.Tasks)
            _rows[rowOf[task.Index]].Upstream = Array.ConvertAll(plan.UpstreamOf(task.Index).ToArray(), upstream => rowOf[upstream]);
    }

    private void Add(ReportRow row)
    {
        var index = _rows.Count;
        _rows.Add(row);
        if (row.State.SubflowRun is { } subrun)
            Add(subrun, row.Slug + "/", index);
    }
}
