namespace PrefectPS.Runs;

/// <summary>
/// Size limits of the log, per task and step: the first quarter and the newest three quarters are kept, with a line in between that counts the dropped
/// ones. Bounded lines can be bounded again together with later ones.
/// </summary>
/// <param name="MaxTaskBytes">Maximum bytes per task and step.</param>
/// <param name="MaxStepBytes">Maximum bytes per step.</param>
internal sealed record LogBounds(int MaxTaskBytes, int MaxStepBytes)
{
    /// <summary>Applies the limits to the lines of a step, in order.</summary>
    public IReadOnlyList<LogLine> Apply(IReadOnlyList<LogLine> lines)
    {
        if (SizeOf(lines) <= MaxTaskBytes)
            return lines;
        var kept = lines.Select(line => (LogLine?)line).ToArray();
        foreach (var task in Enumerable.Range(0, lines.Count).GroupBy(at => lines[at].Task, StringComparer.Ordinal).Where(task => task.Key.Length > 0))
            Cut(kept, [.. task], task.Key, MaxTaskBytes);
        Cut(kept, [.. Enumerable.Range(0, kept.Length).Where(at => kept[at] is not null)], task: string.Empty, MaxStepBytes);
        return [.. kept.OfType<LogLine>()];
    }

    private static long SizeOf(IEnumerable<LogLine> lines) => lines.Sum(line => (long)line.Size);

    // Lines dropped earlier lie between the first and the newest ones: neither part extends across them.
    private static void Cut(LogLine?[] lines, int[] of, string task, int max)
    {
        if (SizeOf(of.Select(at => lines[at]!.Value)) <= max)
            return;
        var (first, last) = (0, of.Length);
        for (long left = max / 4; (left -= lines[of[first]]!.Value.Size) >= 0 && !IsMark(lines[of[first]]!.Value, task);)
            first++;
        for (long left = max - (max / 4); last > first && (left -= lines[of[last - 1]]!.Value.Size) >= 0 && !IsMark(lines[of[last - 1]]!.Value, task);)
            last--;
        var count = 0;
        for (var at = last - 1; at >= first; at--)
        {
            var dropped = lines[of[at]]!.Value;
            count += Math.Max(1, dropped.Dropped);
            lines[of[at]] = at == first ? LogLine.OfDropped(dropped, task, count) : null;
        }
    }

    private static bool IsMark(LogLine line, string task) => line.Dropped > 0 && line.Task == task;
}
