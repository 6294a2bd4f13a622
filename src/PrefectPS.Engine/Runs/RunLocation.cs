using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Location of a run by escaped path segments, whether or not an object there names the run.</summary>
/// <param name="EscapedFlow">The flow's escaped name.</param>
/// <param name="EscapedRunId">The run's escaped id.</param>
internal sealed record RunLocation(string EscapedFlow, string EscapedRunId)
{
    /// <summary>Path prefix of the index.</summary>
    public const string Index = "run-index/";

    /// <summary>Extension of JSON objects.</summary>
    public const string Extension = ".json";

    private const string OpenName = "open";
    private const string DoneName = "done";

    /// <summary>Path prefix of all objects outside the index.</summary>
    public string Root => $"{RunPaths.Runs}{EscapedFlow}/{EscapedRunId}/";

    /// <summary>Path of the head, which makes the run exist.</summary>
    public string Head => Root + "head.json";

    /// <summary>Path of the lease.</summary>
    public string Lease => Root + "lease.json";

    /// <summary>Path of the state document of a run recorded by version 0.1.0, which had no head.</summary>
    public string OldState => Root + "state.json";

    /// <summary>Path of the index entry while the run is unfinished.</summary>
    public string Open => OpenOf(EscapedFlow) + EscapedRunId + Extension;

    /// <summary>Path prefix of the index entries once finished: one per incarnation.</summary>
    public string AllDone => $"{DoneOf(EscapedFlow)}{EscapedRunId}/";

    /// <summary>Path of the index entry of a finished run as written by version 0.1.0.</summary>
    public string OldDone => DoneOf(EscapedFlow) + EscapedRunId + Extension;

    /// <summary>Path prefix of the index entries of a flow's unfinished runs.</summary>
    /// <param name="flow">The flow's escaped name.</param>
    public static string OpenOf(string flow) => $"{Index}{flow}/{OpenName}/";

    /// <summary>The run an object belongs to; null if none.</summary>
    public static RunLocation? OfRun(string path) => path.Split('/') is [_, var flow, var run, _, ..] ? new(flow, run) : null;

    /// <summary>The run an index entry belongs to; null if none.</summary>
    public static RunLocation? OfIndex(string path) => path.Split('/') switch
    {
        [_, var flow, OpenName, var name] when name.EndsWith(Extension, StringComparison.Ordinal) => new(flow, name.Substring(0, name.Length - Extension.Length)),
        [_, var flow, DoneName, var run, _] => new(flow, run),
        _ => null,
    };

    /// <summary>True if an index path is that of a summary, rather than of a foreign file such as an editor's backup.</summary>
    public static bool IsSummary(string path) =>
        path.EndsWith(Extension, StringComparison.Ordinal) && (path.Contains($"/{OpenName}/") || path.Contains($"/{DoneName}/"));

    /// <summary>Path prefix of the index entries of a flow's finished runs.</summary>
    /// <param name="flow">The flow's escaped name.</param>
    public static string DoneOf(string flow) => $"{Index}{flow}/{DoneName}/";
}
