using System.Collections.ObjectModel;

namespace PrefectPS.Flows;

/// <summary>The task's options, by the names and in the words of <c>Add-FlowTask</c>.</summary>
public sealed partial class FlowTask
{
    /// <summary>The text of its script block; null where a flow is its body.</summary>
    public string? ScriptBlock => Body?.Source;

    /// <summary>Parameter of the body -> the task over whose result it is mapped.</summary>
    public IReadOnlyDictionary<string, string> Map => Table(InputFrom.Take(MapCount));

    /// <summary>Parameter of the body -> the list over which it is mapped.</summary>
    public IReadOnlyDictionary<string, object?> MapArgument =>
        Table(MapSources.Where(source => source.Parameter is null).Select(source => Pair(source.Name, source.Constant)));

    /// <summary>Parameter of the body -> the parameter of the flow over whose value it is mapped.</summary>
    public IReadOnlyDictionary<string, string> MapParameter =>
        Table(MapSources.Where(source => source.Parameter is not null).Select(source => Pair(source.Name, source.Parameter!)));

    /// <summary>Whether it is mapped over the elements of the elements.</summary>
    public bool Flatten { get; }

    /// <summary>How many of its children have to succeed; below 1 a fraction of them. Null where no number is enough.</summary>
    public double? MapAtLeast => Goal?.AtLeast;

    /// <summary>How many of its children may fail; below 1 a fraction of them. Null where none may, and all run.</summary>
    public double? MapAtMostFailed => Goal?.AtMostFailed;

    /// <summary>Parameter of the body -> its value.</summary>
    public IReadOnlyDictionary<string, object?> Argument => Table(Arguments.Where(argument => argument.Value is not NamedSecret));

    /// <summary>Parameter of the body -> the name of the secret that it takes.</summary>
    public IReadOnlyDictionary<string, string> SecretFrom =>
        Table(Arguments.Where(argument => argument.Value is NamedSecret).Select(argument => Pair(argument.Key, ((NamedSecret)argument.Value!).Name)));

    /// <summary>The form that its result is stored in; null for the one that the extension of its location stands for.</summary>
    public string? Serializer => ResultSerializer?.Name;

    /// <summary>Whether its result travels inside the state document even where there is a store.</summary>
    public bool NoCheckpoint => !Checkpoints;

    /// <summary>The name of its trigger, or the text of the block that is its trigger.</summary>
    public string Trigger => TriggerRule.Option;

    /// <summary>The least number of upstream tasks for its trigger; below 1 a fraction of them. Null for none.</summary>
    public double? AtLeast => (TriggerRule as CountTrigger)?.AtLeast;

    /// <summary>The most upstream tasks for its trigger; below 1 a fraction of them. Null for any.</summary>
    public double? AtMost => (TriggerRule as CountTrigger)?.AtMost;

    /// <summary>Whether it is skipped when one of its upstream tasks was.</summary>
    public bool SkipOnUpstreamSkip { get; }

    /// <summary>The text of the block that says whether there is anything to do; null for none.</summary>
    public string? When => Condition?.Source;

    /// <summary>The text of the block that says whether an answer of its polls is its result; null where it does not poll.</summary>
    public string? Until => Poll?.Test.Source;

    /// <summary>How long it waits between two polls; null where it does not poll.</summary>
    public TimeSpan? PollInterval => Poll?.Interval;

    /// <summary>The text of the block that takes back what it has done; null for none.</summary>
    public string? Undo => UndoBody?.Source;

    /// <summary>How often it may run again after it failed.</summary>
    public int MaxRetries => Retry?.MaxRetries ?? 0;

    /// <summary>How long it waits before each retry; the last one counts for all that follow. Empty for not at all.</summary>
    public IReadOnlyList<TimeSpan> RetryDelay => Retry?.Delays ?? [];

    /// <summary>Whether its delays stay the same (Constant) or double (Exponential).</summary>
    public string RetryBackoff => Retry is { Exponential: true } ? "Exponential" : "Constant";

    /// <summary>The part of each delay, from 0 to 1, that chance adds at most.</summary>
    public double RetryJitter => Retry?.Jitter ?? 0;

    /// <summary>What is retried: names of exception types, error ids, texts of blocks. Empty for every failure.</summary>
    public IReadOnlyList<string> RetryOn => Retry?.On ?? [];

    /// <summary>For how long its result is used again; null where it always runs.</summary>
    public TimeSpan? CacheFor => Cache?.Duration;

    /// <summary>What its cached result depends on: a name, or the names of inputs and parameters. Null where it always runs.</summary>
    public string? CacheValidator => Cache?.Validator;

    /// <summary>The name by which it shares its cached result; null where it shares it with none.</summary>
    public string? CacheKey => Cache?.Key;

    /// <summary>The texts of the blocks that are called whenever its state changes.</summary>
    public IReadOnlyList<string> StateHandler => [.. StateHandlers.Take(StateHandlers.Length - _extras.FailureHandlers).Select(handler => $"{handler}")];

    /// <summary>The texts of the blocks that are called whenever it has failed.</summary>
    public IReadOnlyList<string> OnFailure => [.. StateHandlers.Skip(StateHandlers.Length - _extras.FailureHandlers).Select(handler => $"{handler}")];

    private static KeyValuePair<string, T> Pair<T>(string name, T value) => new(name, value);

    private static ReadOnlyDictionary<string, T> Table<T>(IEnumerable<KeyValuePair<string, T>> entries) =>
        new(entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.OrdinalIgnoreCase));
}
