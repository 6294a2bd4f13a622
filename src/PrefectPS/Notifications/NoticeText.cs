using PrefectPS.Results;

namespace PrefectPS.Notifications;

/// <summary>The parts of a notice as plain text, which no reader interprets as markup.</summary>
internal static class NoticeText
{
    /// <summary>The facts about the run, as names and values.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(RunNotice notice)
    {
        yield return ("Run", notice.RunId);
        yield return ("State", notice.State);
        if (notice.Message.Length > 0)
            yield return ("Message", notice.Message);
        if (notice.Started is { } started)
            yield return ("Started", UtcText.Of(started));
        if (notice.NextStartTime is { } next)
            yield return ("Goes on", UtcText.Of(next));
        if (notice.Store is not null)
            yield return ("Store", notice.Store);
    }

    /// <summary>A task, over two or three lines.</summary>
    public static string Of(NoticedTask task) =>
        $"{task.Path}: {task.State}\n{task.Message}{(task.Place is null ? string.Empty : $"\nAt {task.Place}")}";

    /// <summary>A line with the number of omitted tasks; null for none.</summary>
    public static string? More(RunNotice notice) => notice.MoreTasks == 0 ? null : notice.MoreTasks == 1 ? "and one task more" : $"and {notice.MoreTasks} tasks more";

    /// <summary>A text, truncated to a length.</summary>
    public static string Cut(string text, int max) => text.Length <= max ? text : $"{text.Remove(max - 1)}\u2026";

    /// <summary>A text without terminal control characters and direction changes.</summary>
    public static string Plain(string text) => TerminalText.Of(text);
}
