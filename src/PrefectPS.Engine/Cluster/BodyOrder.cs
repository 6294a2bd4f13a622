using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>A body to run in another process: of which task, for which run, with what. No code travels: the process has the same script. Immutable.</summary>
public sealed record BodyOrder
{
    /// <summary>The flow that the task is in, which may be one inside another.</summary>
    public required FlowVersion Flow { get; init; }

    /// <summary>The task's slug.</summary>
    public required string Task { get; init; }

    /// <summary>What its code can know about where it runs.</summary>
    public required FlowContext Context { get; init; }

    /// <summary>Its block's arguments, by name.</summary>
    public required Hashtable Arguments { get; init; }

    /// <summary>Variables that it sees, by name.</summary>
    public required Hashtable Variables { get; init; }

    /// <summary>What else its surroundings are like, by name.</summary>
    public required Hashtable Surroundings { get; init; }

    /// <summary>Variables that it reads, and the caller has, of which it has none.</summary>
    public IReadOnlyList<string> Suspects { get; init; } = [];

    /// <summary>How long it may take; null for any time. Counts where nobody stops it from outside any more.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Whether what it returns is a secret.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What the paths in the flow's store begin with where a large result may stand; null where nothing goes by that, as the run is not on record.</summary>
    public required string? Place { get; init; }

    /// <summary>The values that make it what it is: two orders of equal ones do the same.</summary>
    public byte[] ContentToCompare(IValueAdapter values) =>
        CanonicalValue.Of(
            new object?[] { Flow.Fingerprint, Task, Arguments, Variables, Context.LoopCount, Context.LoopResult, Context.EventSender, Table(Context.Run.Parameters!) }, values);

    /// <summary>The order as one value.</summary>
    /// <param name="hidesSecrets">Whether parameters of the run that are secrets are left out.</param>
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

    /// <summary>Reads an order.</summary>
    /// <param name="table">It, as one value.</param>
    /// <param name="find">Finds a flow that this process has, by name and fingerprint; null for the fingerprint of any version.</param>
    /// <param name="output">Takes what the body writes.</param>
    /// <param name="stop">Cancelled when the body has to end.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/>: this process does not have the task.</exception>
    public static BodyOrder Read(Hashtable table, Func<string, string?, Flow?> find, ITaskOutput output, CancellationToken stop)
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
