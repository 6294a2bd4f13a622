using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>A run's recorded history for a report: its steps, and each task's state changes and attempts.</summary>
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

    /// <summary>The empty history.</summary>
    public static ReportHistory None { get; } = new([], [], [], []);

    /// <summary>The steps, in order.</summary>
    internal IReadOnlyList<ReportStep> Steps { get; }

    /// <summary>The control requests to the run, oldest first.</summary>
    internal IReadOnlyList<FlowTransition> Requests { get; }

    /// <summary>Creates the history up to the given state of the run, leaving out what came later.</summary>
    /// <param name="course">The recorded events.</param>
    /// <param name="run">The run.</param>
    /// <param name="log">The output and state lines; null to omit them.</param>
    public static ReportHistory Of(RunTimeline course, FlowState run, IEnumerable<FlowLogEntry>? log = null) => new(
        [.. course.Changes.Where(change => change.Step <= run.Step)],
        course.Requests.Where(request => !(request.Step > run.Step)),
        course.Steps.Where(step => step.Number <= run.Step),
        (log ?? []).Where(line => line.Step <= run.Step && line.Source != FlowLogSource.State));

    /// <summary>A task's output, oldest first.</summary>
    internal IReadOnlyCollection<FlowLogEntry> LinesOf(string slug) => [.. _lines[slug]];

    /// <summary>A task's state changes, oldest first.</summary>
    internal IEnumerable<FlowTransition> ChangesOf(string slug) => _changes[slug];

    /// <summary>A task's attempts, in order.</summary>
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

    // An attempt without an end: its process died.
    private ReportAttempt CutOff(FlowTransition start) =>
        new(start.Step, start.Time, start.Step is { } step && _endOf.TryGetValue(step, out var ended) ? ended : start.Time, StateType.Running);
}

/// <summary>A step in a report.</summary>
/// <param name="Number">The step's number.</param>
/// <param name="Started">The start; UTC.</param>
/// <param name="Ended">The end, or the last recorded event; UTC.</param>
/// <param name="IsOpen">Whether no end is recorded: the step is running, or its process died.</param>
/// <param name="Budget">The time budget; null for none or unknown.</param>
/// <param name="MaxTasks">The task budget; null for none or unknown.</param>
internal sealed record ReportStep(int Number, DateTimeOffset Started, DateTimeOffset Ended, bool IsOpen = false, TimeSpan? Budget = null, int? MaxTasks = null);

/// <summary>An attempt of a task.</summary>
/// <param name="Step">The step that started it.</param>
/// <param name="Started">The start; UTC.</param>
/// <param name="Ended">The end; UTC.</param>
/// <param name="Outcome">The task's state at the end; <see cref="StateType.Running"/> where its process died.</param>
internal sealed record ReportAttempt(int? Step, DateTimeOffset Started, DateTimeOffset Ended, StateType Outcome);
