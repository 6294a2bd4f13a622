using System.Collections.ObjectModel;

namespace PrefectPS.Flows;

/// <summary>The task's options, named like the parameters of <c>Add-FlowTask</c>.</summary>
public sealed partial class FlowTask
{
    /// <summary>Text of the script block; null if the body is a flow.</summary>
    public string? ScriptBlock => Body?.Source;

    /// <summary>Body parameter -> the upstream task whose result is mapped over.</summary>
    public IReadOnlyDictionary<string, string> Map => Table(InputFrom.Take(MapCount));

    /// <summary>Body parameter -> the list that is mapped over.</summary>
    public IReadOnlyDictionary<string, object?> MapArgument =>
        Table(MapSources.Where(source => source.Parameter is null).Select(source => Pair(source.Name, source.Constant)));

    /// <summary>Body parameter -> the flow parameter whose value is mapped over.</summary>
    public IReadOnlyDictionary<string, string> MapParameter =>
        Table(MapSources.Where(source => source.Parameter is not null).Select(source => Pair(source.Name, source.Parameter!)));

    /// <summary>True if the task is mapped over the elements of nested lists.</summary>
    public bool Flatten { get; }

    /// <summary>Number of children that must succeed, or a fraction of them below 1; null if all run.</summary>
    public double? MapAtLeast => Goal?.AtLeast;

    /// <summary>Number of children that may fail, or a fraction of them below 1; null if all run.</summary>
    public double? MapAtMostFailed => Goal?.AtMostFailed;

    /// <summary>Body parameter -> its value.</summary>
    public IReadOnlyDictionary<string, object?> Argument => Table(Arguments.Where(argument => argument.Value is not NamedSecret));

    /// <summary>Body parameter -> the name of the secret it takes.</summary>
    public IReadOnlyDictionary<string, string> SecretFrom =>
        Table(Arguments.Where(argument => argument.Value is NamedSecret).Select(argument => Pair(argument.Key, ((NamedSecret)argument.Value!).Name)));

    /// <summary>Name of the result serializer; null to choose it by the location's extension.</summary>
    public string? Serializer => ResultSerializer?.Name;

    /// <summary>True if the result travels inside the state document even if there is a store.</summary>
    public bool NoCheckpoint => !Checkpoints;

    /// <summary>Name of the trigger, or the text of its script block.</summary>
    public string Trigger => TriggerRule.Option;

    /// <summary>Minimum number of upstream tasks for the trigger, or a fraction of them below 1; null if none.</summary>
    public double? AtLeast => (TriggerRule as CountTrigger)?.AtLeast;

    /// <summary>Maximum number of upstream tasks for the trigger, or a fraction of them below 1; null if none.</summary>
    public double? AtMost => (TriggerRule as CountTrigger)?.AtMost;

    /// <summary>True if the task is skipped when an upstream task was.</summary>
    public bool SkipOnUpstreamSkip { get; }

    /// <summary>Text of the condition block; null if none.</summary>
    public string? When => Condition?.Source;

    /// <summary>What makes the task run again though its target exists: Script, Input. Empty for neither.</summary>
    public IReadOnlyList<string> RerunOn =>
        [.. Rerun is { OnScript: true } ? ["Script"] : Array.Empty<string>(), .. Rerun is { OnInput: true } ? ["Input"] : Array.Empty<string>()];

    /// <summary>Source files, as given: the task runs again if one is newer than its target.</summary>
    public IReadOnlyList<string> SourceFile => Rerun?.Files?.Names ?? [];

    /// <summary>Text of the block that accepts a poll's answer; null if the task does not poll.</summary>
    public string? Until => Poll?.Test.Source;

    /// <summary>Time between polls; null if the task does not poll.</summary>
    public TimeSpan? PollInterval => Poll?.Interval;

    /// <summary>Text of the undo block; null if none.</summary>
    public string? Undo => UndoBody?.Source;

    /// <summary>Maximum number of retries.</summary>
    public int MaxRetries => Retry?.MaxRetries ?? 0;

    /// <summary>Delays before retries; the last one repeats. Empty for no delay.</summary>
    public IReadOnlyList<TimeSpan> RetryDelay => Retry?.Delays ?? [];

    /// <summary>Whether delays stay the same (Constant) or double (Exponential).</summary>
    public string RetryBackoff => Retry is { Exponential: true } ? "Exponential" : "Constant";

    /// <summary>Maximum random addition to each delay, as a fraction from 0 to 1.</summary>
    public double RetryJitter => Retry?.Jitter ?? 0;

    /// <summary>What is retried: exception type names, error ids, block texts. Empty for every failure.</summary>
    public IReadOnlyList<string> RetryOn => Retry?.On ?? [];

    /// <summary>Lifetime of the cached result; null if the task is not cached.</summary>
    public TimeSpan? CacheFor => Cache?.Duration;

    /// <summary>The cache validator: a name, or the names of inputs and parameters. Null if the task is not cached.</summary>
    public string? CacheValidator => Cache?.Validator;

    /// <summary>Cache key shared with other tasks; null if none.</summary>
    public string? CacheKey => Cache?.Key;

    /// <summary>Texts of the blocks called on each state change.</summary>
    public IReadOnlyList<string> StateHandler => [.. StateHandlers.Take(StateHandlers.Length - _extras.FailureHandlers).Select(handler => $"{handler}")];

    /// <summary>Texts of the blocks called on failure.</summary>
    public IReadOnlyList<string> OnFailure => [.. StateHandlers.Skip(StateHandlers.Length - _extras.FailureHandlers).Select(handler => $"{handler}")];

    private static KeyValuePair<string, T> Pair<T>(string name, T value) => new(name, value);

    private static ReadOnlyDictionary<string, T> Table<T>(IEnumerable<KeyValuePair<string, T>> entries) =>
        new(entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.OrdinalIgnoreCase));
}
