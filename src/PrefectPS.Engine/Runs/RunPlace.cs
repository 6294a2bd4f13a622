namespace PrefectPS.Runs;

/// <summary>Where something of a run was found, though it does not say of which: the flow's name and the run's id as they stand in paths.</summary>
internal sealed record RunPlace(string Flow, string Run)
{
    private const string Extension = ".json";

    /// <summary>What the paths of all its objects begin with but those of the index.</summary>
    public string Root => $"runs/{Flow}/{Run}/";

    /// <inheritdoc cref="RunFolder.Head"/>
    public string Head => Root + "head.json";

    /// <inheritdoc cref="RunFolder.Lease"/>
    public string Lease => Root + "lease.json";

    /// <inheritdoc cref="RunFolder.OldState"/>
    public string OldState => Root + "state.json";

    /// <inheritdoc cref="RunFolder.Open"/>
    public string Open => $"run-index/{Flow}/open/{Run}{Extension}";

    /// <inheritdoc cref="RunFolder.AllDone"/>
    public string AllDone => $"run-index/{Flow}/done/{Run}/";

    /// <summary>The run that an object is of; null for none.</summary>
    public static RunPlace? OfRun(string path) => path.Split('/') is [_, var flow, var run, _, ..] ? new(flow, run) : null;

    /// <summary>The run that an entry of the index is of; null for none.</summary>
    public static RunPlace? OfIndex(string path) => path.Split('/') switch
    {
        [_, var flow, "open", var name] when name.EndsWith(Extension, StringComparison.Ordinal) => new(flow, name.Substring(0, name.Length - Extension.Length)),
        [_, var flow, "done", var run, _] => new(flow, run),
        _ => null,
    };
}
