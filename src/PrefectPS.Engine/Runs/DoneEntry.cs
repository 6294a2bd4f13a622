namespace PrefectPS.Runs;

/// <summary>The index entry of a run that is finished.</summary>
internal static class DoneEntry
{
    /// <summary>Writes it, unless a step has that was further on in the record: who was taken over before he wrote replaces nothing of his successor's.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static void Put(RunFiles files, string path, FlowRun run)
    {
        var content = RunIndex.Write(run);
        var isDone = files.TryWriteOwn(path, content, seen: null) is not null;
        while (!isDone)
        {
            var found = files.Read(path);
            isDone = (found is { } other && TryRead(files, path, other.Content)?.Record >= run.Record) || files.TryWriteOwn(path, content, found?.Version) is not null;
        }
    }

    /// <summary>The last record that an entry includes: of one that is damaged less than any; null if none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static int? FindRecord(RunFiles files, string path) => files.Read(path) is { } found ? TryRead(files, path, found.Content)?.Record ?? -1 : null;

    /// <summary>Reads an entry; null if none that can be read.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static FlowRun? TryRead(RunFiles files, string path) => files.Read(path) is { } found ? TryRead(files, path, found.Content) : null;

    private static FlowRun? TryRead(RunFiles files, string path, byte[] content)
    {
        try
        {
            return new RunIndex(files).Read(path, content);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            return null;
        }
    }
}
