using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Where a run is, by what stands in paths, whether or not something there says which it is.</summary>
/// <param name="Flow">The flow's name as it stands in paths.</param>
/// <param name="Run">The run's id as it stands in paths.</param>
internal sealed record RunLocation(string Flow, string Run)
{
    /// <summary>What the paths of the index begin with.</summary>
    public const string Index = "run-index/";

    /// <summary>What the names of objects end with that are JSON.</summary>
    public const string Extension = ".json";

    private const string OpenName = "open";
    private const string DoneName = "done";

    /// <summary>What the paths of all its objects begin with but those of the index.</summary>
    public string Root => $"{RunPaths.Runs}{Flow}/{Run}/";

    /// <summary>What makes the run exist: its incarnation, flow and parameters.</summary>
    public string Head => Root + "head.json";

    /// <summary>Who is working on the run.</summary>
    public string Lease => Root + "lease.json";

    /// <summary>The state document of a run that version 0.1.0 has put on record, which had no head.</summary>
    public string OldState => Root + "state.json";

    /// <summary>Its summary while it is not finished.</summary>
    public string Open => OpenOf(Flow) + Run + Extension;

    /// <summary>What the paths of its summaries, once it is finished, begin with: one for each incarnation.</summary>
    public string AllDone => $"{DoneOf(Flow)}{Run}/";

    /// <summary>Its summary once it is finished, as version 0.1.0 has written it.</summary>
    public string OldDone => DoneOf(Flow) + Run + Extension;

    /// <summary>What the paths of the summaries of a flow's unfinished runs begin with.</summary>
    /// <param name="flow">The flow's name as it stands in paths.</param>
    public static string OpenOf(string flow) => $"{Index}{flow}/{OpenName}/";

    /// <summary>The run that an object is of; null if none.</summary>
    public static RunLocation? OfRun(string path) => path.Split('/') is [_, var flow, var run, _, ..] ? new(flow, run) : null;

    /// <summary>The run that an entry of the index is of; null if none.</summary>
    public static RunLocation? OfIndex(string path) => path.Split('/') switch
    {
        [_, var flow, OpenName, var name] when name.EndsWith(Extension, StringComparison.Ordinal) => new(flow, name.Substring(0, name.Length - Extension.Length)),
        [_, var flow, DoneName, var run, _] => new(flow, run),
        _ => null,
    };

    /// <summary>True if a path of the index is that of a summary. What other programs leave there, such as backups of editors, is none.</summary>
    public static bool IsSummary(string path) =>
        path.EndsWith(Extension, StringComparison.Ordinal) && (path.Contains($"/{OpenName}/") || path.Contains($"/{DoneName}/"));

    /// <summary>What the paths of the summaries of a flow's finished runs begin with.</summary>
    /// <param name="flow">The flow's name as it stands in paths.</param>
    public static string DoneOf(string flow) => $"{Index}{flow}/{DoneName}/";
}
