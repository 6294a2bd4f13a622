using PrefectPS.Flows;

namespace PrefectPS.Triggers;

/// <summary>The predefined triggers by name. Follows <c>prefect.triggers</c>.</summary>
public static class Trigger
{
    /// <summary>Runs the task when all upstream tasks ended well; the default.</summary>
    public static readonly ITrigger AllSuccessful = CountTrigger.AllSuccessful;

    private static readonly ITrigger AllFinished = new CountTrigger(
        "all_finished", "some of the upstream tasks were not finished", (in u) => u.Finished == u.Total);

    private static readonly Dictionary<string, ITrigger> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["all_successful"] = AllSuccessful,
        ["all_failed"] = new CountTrigger("all_failed", "some of the upstream tasks succeeded", (in u) => u.Failed == u.Total),
        ["any_successful"] = new CountTrigger("any_successful", "none of the upstream tasks succeeded", (in u) => u.Successful > 0),
        ["any_failed"] = new CountTrigger("any_failed", "none of the upstream tasks failed", (in u) => u.Failed > 0),
        ["all_finished"] = AllFinished,
        ["always_run"] = AllFinished,
        ["manual_only"] = new ManualOnly(),
        ["not_all_skipped"] = new NotAllSkipped(),
    };

    /// <summary>Names of the triggers without a threshold.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.OrderBy(n => n, StringComparer.Ordinal)];

    /// <summary>Finds a trigger by name, case-insensitive; null if none.</summary>
    public static ITrigger? Find(string name) => ByName.TryGetValue(name, out var trigger) ? trigger : null;

    /// <summary>Runs if the number of failed upstream tasks is within the threshold.</summary>
    public static ITrigger SomeFailed(Threshold threshold) =>
        new CountTrigger("some_failed", "thresholds were not met", (in u) => threshold.Accepts(u.Failed, u.Total)) { AtLeast = threshold.AtLeast, AtMost = threshold.AtMost };

    /// <summary>Runs if the number of successful upstream tasks is within the threshold.</summary>
    public static ITrigger SomeSuccessful(Threshold threshold) =>
        new CountTrigger("some_successful", "thresholds were not met", (in u) => threshold.Accepts(u.Successful, u.Total)) { AtLeast = threshold.AtLeast, AtMost = threshold.AtMost };
}
