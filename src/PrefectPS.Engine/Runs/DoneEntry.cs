namespace PrefectPS.Runs;

/// <summary>The index entry of a finished run.</summary>
internal static class DoneEntry
{
    /// <summary>Writes the entry, unless a step that was further along has: one that was taken over in the meantime must not overwrite its successor's.</summary>
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

    /// <summary>Number of the last record the entry includes; -1 if the entry is damaged; null if there is none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static int? FindRecord(RunFiles files, string path) => files.Read(path) is { } found ? TryRead(files, path, found.Content)?.Record ?? -1 : null;

    /// <summary>Reads an entry; null if there is none that can be read.</summary>
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
