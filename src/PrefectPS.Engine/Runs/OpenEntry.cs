namespace PrefectPS.Runs;

/// <summary>The index entry of an unfinished run, with the version last seen by this process: written and deleted only if unchanged.</summary>
internal sealed class OpenEntry
{
    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private string? _version;

    private OpenEntry(RunFiles files, RunFolder folder, FlowRun? run, string? version)
    {
        _files = files;
        _folder = folder;
        (Run, _version) = (run, version);
    }

    /// <summary>The run's summary; null if there is no entry.</summary>
    public FlowRun? Run { get; private set; }

    /// <summary>Reads the entry of a run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>.</exception>
    public static OpenEntry Read(RunFiles files, RunFolder folder)
    {
        if (files.Read(folder.Open) is not { } found)
            return new(files, folder, null, null);
        var run = new RunIndex(files).Read(folder.Open, found.Content);
        folder.EnsureIsOf(files.Store.Name, folder.Open, run.Flow, run.RunId);
        return new(files, folder, run, found.Version);
    }

    /// <summary>Reads only the version of a run's entry.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static OpenEntry Look(RunFiles files, RunFolder folder) => new(files, folder, null, files.VersionOf(folder.Open));

    /// <summary>True if the entry existed when read.</summary>
    public bool IsThere => _version is not null;

    /// <summary>True if the entry has not changed since.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool IsAsSeen() => _files.VersionOf(_folder.Open) == _version;

    /// <summary>Writes the entry.</summary>
    /// <returns>False if someone else has written or deleted it since; nothing was changed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool TryWrite(FlowRun run)
    {
        if (_files.TryWriteOwn(_folder.Open, RunIndex.Write(run), _version) is not { } version)
            return false;
        (Run, _version) = (run, version);
        return true;
    }

    /// <summary>Deletes the entry if it exists.</summary>
    /// <returns>True if this call deleted it; false if there was none, or someone else has written or deleted it since.</returns>
    public bool TryDelete()
    {
        var isDeleted = _version is not null ? _files.DeleteSeen(_folder.Open, _version) : false;
        if (isDeleted is not null)
            (Run, _version) = (null, null);
        return isDeleted == true;
    }
}
