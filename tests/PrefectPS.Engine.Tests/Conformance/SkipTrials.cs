using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task <c>s</c> that skips, another that does not, <c>d</c> after both, and <c>d2</c> after that.</summary>
internal static class SkipTrials
{
    public static Sightings? Run(ReferenceRow row) => row.Name switch
    {
        "default_true" => Run(skipsToo: true, Trigger.AllSuccessful),
        "false" => Run(skipsToo: false, Trigger.AllSuccessful),
        "false_not_all_skipped" => Run(skipsToo: false, Trigger.Find("not_all_skipped")!),
        _ => null,
    };

    private static Sightings Run(bool skipsToo, ITrigger trigger)
    {
        var flow = new TestFlow()
            .Task("s", _ => throw TaskUnderTrial.Signal(StateType.Skipped, "I skip"))
            .Task("o", _ => 1)
            .Add(new("d", TestFlow.Body(_ => "ran")) { After = ["s", "o"], SkipOnUpstreamSkip = skipsToo, Trigger = trigger })
            .Task("d2", _ => "ran2", "d");
        return Sightings.Of(flow.RunAll());
    }
}
