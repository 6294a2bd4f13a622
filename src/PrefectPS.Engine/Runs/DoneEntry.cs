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
            isDone = (found is { } other && RecordOf(files, path, other.Content) >= run.Record) || files.TryWriteOwn(path, content, found?.Version) is not null;
        }
    }

    /// <summary>The last record that an entry includes; less than any for one that is damaged, which is replaced.</summary>
    public static int RecordOf(RunFiles files, string path, byte[] content)
    {
        try
        {
            return new RunIndex(files).Read(path, content).Record;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged)
        {
            return -1;
        }
    }
}
