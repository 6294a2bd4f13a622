using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>A task body to run in another process, with everything it needs except code: the worker has the same script. Immutable.</summary>
public sealed record BodyRequest
{
    /// <summary>The task's flow, which may be a subflow.</summary>
    public required FlowVersion Flow { get; init; }

    /// <summary>The task's slug.</summary>
    public required string Task { get; init; }

    /// <summary>The context that the body sees as <c>$FlowContext</c>.</summary>
    public required FlowContext Context { get; init; }

    /// <summary>The script block's arguments, by name.</summary>
    public required Hashtable Arguments { get; init; }

    /// <summary>The variables that the body sees, by name.</summary>
    public required Hashtable Variables { get; init; }

    /// <summary>The session's preferences and locations, by name.</summary>
    public required Hashtable Surroundings { get; init; }

    /// <summary>Variables that the body reads and only the caller's session has, for a warning.</summary>
    public IReadOnlyList<string> Suspects { get; init; } = [];

    /// <summary>The longest time the body may take, enforced by the worker in case the step is gone; null for none.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>True if the return value is a secret.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The store path prefix for large payloads; null where the run is not on record.</summary>
    public required string? Place { get; init; }

    /// <summary>Serializes what identifies the body: two requests with equal values do the same work.</summary>
    public byte[] ContentToCompare(IValueAdapter values) =>
        CanonicalValue.Of(
            new object?[] { Flow.Fingerprint, Task, Arguments, Variables, Context.LoopCount, Context.LoopResult, Context.EventSender, Table(Context.Run.Parameters!) }, values);

    /// <summary>Converts the request to a hashtable for serialization.</summary>
    /// <param name="hidesSecrets">Whether to omit the run's secret parameters.</param>
    public Hashtable ToTable(bool hidesSecrets)
    {
        var run = Context.Run;
        return new(StringComparer.Ordinal)
        {
            ["flow"] = Flow.Name,
            ["fingerprint"] = Flow.Fingerprint,
            ["task"] = Task,
            ["run"] = run.RunId,
            ["step"] = run.Step,
            ["started"] = run.Started,
            ["rootFlow"] = Context.Root.Flow.Name,
            ["rootRun"] = Context.Root.RunId,
            ["child"] = Context.MapIndex,
            ["attempt"] = Context.RunCount,
            ["resumed"] = Context.IsResumed,
            ["pass"] = Context.LoopCount,
            ["passBefore"] = Context.LoopResult,
            ["sender"] = Context.EventSender,
            ["parameters"] = Table(run.Parameters.Where(parameter => !hidesSecrets || !run.IsSecret(parameter.Key))),
            ["left"] = Context.RemainingTime,
            ["arguments"] = Arguments,
            ["variables"] = Variables,
            ["surroundings"] = Surroundings,
            ["suspects"] = Suspects.Cast<object>().ToArray(),
            ["limit"] = Limit,
            ["secret"] = IsSecret,
            ["place"] = Place,
        };
    }

    /// <summary>Restores a request.</summary>
    /// <param name="table">The hashtable of <see cref="ToTable"/>.</param>
    /// <param name="find">Finds one of this process's flows by name and fingerprint; a null fingerprint matches any version.</param>
    /// <param name="output">Receives the body's output.</param>
    /// <param name="stop">Cancelled when the body must end.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/>: this process lacks the task.</exception>
    public static BodyRequest Read(Hashtable table, Func<string, string?, Flow?> find, ITaskOutput output, CancellationToken stop)
    {
        var version = new FlowVersion((string)table["flow"]!, (string)table["fingerprint"]!);
        var slug = (string)table["task"]!;
        var task = find(version.Name, version.Fingerprint)?.Find(slug) ?? throw FlowErrors.WorkerLacksTask(version.Name, slug);
        var run = new RunIdentity(
            (string)table["run"]!, (int)table["step"]!, (DateTimeOffset)table["started"]!,
            ((Hashtable)table["parameters"]!).Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (object?)e.Value, StringComparer.OrdinalIgnoreCase)!)
        {
            Root = new(find((string)table["rootFlow"]!, null) ?? task.Flow, (string)table["rootRun"]!),
        };
        var progress = new TaskProgress
        {
            Attempt = (int)table["attempt"]!,
            LoopCount = (int)table["pass"]!,
            LoopResult = TaskResult.Of(table["passBefore"]),
            Event = table["sender"] is string sender ? new AwaitedEvent(string.Empty) { Id = string.Empty, By = sender } : null,
        };
        var time = new TimeOfOrder(task.Flow.Services.Clock, (TimeSpan?)table["left"], stop);
        return new()
        {
            Flow = version,
            Task = slug,
            Context = new(task, State.Read(StateType.Running, message: null, progress), run, time, stop)
            {
                MapIndex = (int?)table["child"],
                RunCount = progress.Attempt,
                IsResumed = (bool)table["resumed"]!,
                Output = output,
            },
            Arguments = (Hashtable)table["arguments"]!,
            Variables = (Hashtable)table["variables"]!,
            Surroundings = (Hashtable)table["surroundings"]!,
            Suspects = [.. ((object[])table["suspects"]!).Cast<string>()],
            Limit = (TimeSpan?)table["limit"],
            IsSecret = (bool)table["secret"]!,
            Place = (string?)table["place"],
        };
    }

    private static Hashtable Table(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
            table[entry.Key] = entry.Value;
        return table;
    }

    private sealed class TimeOfOrder(TimeProvider clock, TimeSpan? left, CancellationToken stop) : IStepTime
    {
        private readonly DateTimeOffset? _end = left is { } time ? clock.GetUtcNow() + time : null;

        public TimeSpan? RemainingTime => _end is not { } end ? null : end - clock.GetUtcNow() is var time && time > TimeSpan.Zero ? time : TimeSpan.Zero;

        public CancellationToken End => stop;
    }
}
