using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>A row of a report's table: a task, a mapped task's child, or a subflow's task.</summary>
/// <param name="Slug">The slug: <c>task</c>, <c>task[3]</c>, <c>task/inner</c>.</param>
/// <param name="Task">The task.</param>
/// <param name="State">The state.</param>
/// <param name="Parent">The parent's row; null for a top-level task.</param>
internal sealed record ReportRow(string Slug, FlowTask Task, State State, int? Parent)
{
    /// <summary>The rows of its upstream tasks; a child has its parent's.</summary>
    public int[] Upstream { get; set; } = [];
}
