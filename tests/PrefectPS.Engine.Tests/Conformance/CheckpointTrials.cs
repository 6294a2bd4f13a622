using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task that returns 99, in a flow with a store or without, and what is left of that after the run has travelled.</summary>
internal static partial class CheckpointTrials
{
    public static Sightings? Run(ReferenceRow row, string folder)
    {
        if (Name().Match(row.Name) is not { Success: true } name)
            return null;
        var flow = new TestFlow(options: new() { Store = name.Groups["store"].Success ? new FolderStore(folder) : null }).Task("t", _ => 99);
        var run = flow.RunAll();
        var travelled = flow.Travel(run);

        var sightings = Sightings.Of(run);
        sightings["state"] = run.Of("t");
        sightings["after_JSON_roundtrip_result"] = travelled.Of("t").Result;
        sightings["after_load_result"] = travelled.Of("t").Result;
        return sightings;
    }

    // Results are kept where there is a store, and travel with the run where there is none.
    [GeneratedRegex(@"^checkpointing=(True result=(?<store>LocalResult\(dir\))|(True|False) result=None) task\.checkpoint=(None|True)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
