using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task that returns 99, in a flow with a store or without, and what is left of that after the run has travelled.</summary>
internal static partial class CheckpointTrials
{
    public static Sightings? Run(ReferenceRow row, string folder)
    {
        if (Name().Match(row.Name) is not { Success: true } name)
            return null;
        var options = new FlowOptions { Store = name.Groups["store"].Success ? new FolderStore(folder) : null };
        var flow = new TestFlow(options: options, checkpoints: name.Groups["on"].Value == "True")
            .Add(new("t", TestFlow.Body(_ => 99)) { Checkpoints = bool.TryParse(name.Groups["task"].Value, out var checkpoints) ? checkpoints : null });
        var run = flow.RunAll();
        var travelled = flow.Travel(run);

        var sightings = Sightings.Of(run);
        sightings["state"] = run.Of("t");
        sightings["after_JSON_roundtrip_result"] = travelled.Of("t").Result;
        sightings["after_load_result"] = travelled.Of("t").Result;
        return sightings;
    }

    [GeneratedRegex(@"^checkpointing=(?<on>True|False) result=(None|(?<store>LocalResult\(dir\))) task\.checkpoint=(?<task>None|True|False)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
