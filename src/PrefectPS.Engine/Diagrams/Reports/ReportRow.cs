using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>A row of a report's table: a task, a mapped task's child, or a task of a subflow.</summary>
/// <param name="Slug">What it goes by: <c>task</c>, <c>task[3]</c>, <c>task/inner</c>.</param>
/// <param name="Task">The task.</param>
/// <param name="State">Its state.</param>
/// <param name="Parent">The row of the task it belongs to; null for a task of the flow itself.</param>
internal sealed record ReportRow(string Slug, FlowTask Task, State State, int? Parent)
{
    /// <summary>The rows of the tasks that it waits for; a child waits for what its parent does.</summary>
    public int[] Upstream { get; set; } = [];
}
