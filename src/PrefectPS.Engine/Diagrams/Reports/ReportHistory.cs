using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>What a store has on record of a run's course, as far as a report is of it: its steps, and for each task its changes of state and its attempts.</summary>
public sealed class ReportHistory
{
    private readonly ILookup<string, FlowTransition> _changes;
    private readonly ILookup<string, FlowLogEntry> _lines;
    private readonly Dictionary<int, DateTimeOffset> _endOf;

    private ReportHistory(IReadOnlyCollection<FlowTransition> changes, IEnumerable<FlowTransition> requests, IEnumerable<StepSpan> steps, IEnumerable<FlowLogEntry> lines)
    {
        _lines = lines.ToLookup(line => line.Task, StringComparer.Ordinal);
        _changes = changes.ToLookup(change => change.Task, StringComparer.Ordinal);
        Requests = [.. requests];
        var latest = changes.GroupBy(change => change.Step).ToDictionary(step => step.Key ?? 0, step => step.Max(change => change.Time));
        Steps = [.. steps.Select(step => Of(step, latest))];
        _endOf = Steps.ToDictionary(step => step.Number, step => step.Ended);
    }

    /// <summary>Where nothing is on record.</summary>
    public static ReportHistory None { get; } = new([], [], [], []);

    /// <summary>The steps, the first one first.</summary>
    internal IReadOnlyList<ReportStep> Steps { get; }

    /// <summary>What others have asked of the run, the oldest first.</summary>
    internal IReadOnlyList<FlowTransition> Requests { get; }

    /// <summary>What had happened by the time that a run was as it is given: of one that is further on by now, not what came later.</summary>
    /// <param name="course">What happened in the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="log">What its tasks wrote, states between; null where that is not shown.</param>
    public static ReportHistory Of(RunCourse course, FlowState run, IEnumerable<FlowLogEntry>? log = null) => new(
        [.. course.Changes.Where(change => change.Step <= run.Step)],
        course.Requests.Where(request => !(request.Step > run.Step)),
        course.Steps.Where(step => step.Number <= run.Step),
        (log ?? []).Where(line => line.Step <= run.Step && line.Source != FlowLogSource.State));

    /// <summary>What a task wrote, the oldest first.</summary>
    internal IReadOnlyCollection<FlowLogEntry> LinesOf(string slug) => [.. _lines[slug]];

    /// <summary>The changes of a task's state, the oldest first.</summary>
    internal IEnumerable<FlowTransition> ChangesOf(string slug) => _changes[slug];

    /// <summary>The runs of a task's body, the first one first.</summary>
    internal List<ReportAttempt> AttemptsOf(string slug)
    {
        var attempts = new List<ReportAttempt>();
        FlowTransition? start = null;
        foreach (var change in ChangesOf(slug))
        {
            var isStart = change.ToType == StateType.Running;
            if (start is not null)
                attempts.Add(isStart ? CutOff(start) : new(start.Step, start.Time, change.Time, change.ToType));
            start = isStart ? change : null;
        }

        if (start is not null)
            attempts.Add(CutOff(start));
        return attempts;
    }

    private static ReportStep Of(StepSpan step, Dictionary<int, DateTimeOffset> latest) => new(
        step.Number,
        step.Began,
        step.Ended ?? (latest.TryGetValue(step.Number, out var time) ? time : step.Began),
        step.Ended is null,
        step.Budget,
        step.MaxTasks);

    // Its process died.
    private ReportAttempt CutOff(FlowTransition start) =>
        new(start.Step, start.Time, start.Step is { } step && _endOf.TryGetValue(step, out var ended) ? ended : start.Time, StateType.Running);
}
