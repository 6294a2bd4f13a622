using PrefectPS.Engine.Tests.Support;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task that is mapped over a list, and one that takes all its results.</summary>
internal static class MappingTrials
{
    private static readonly int[] Three = [1, 2, 3];

    public static Sightings? Run(ReferenceRow row) => row.Name switch
    {
        "ok" => Run(Three, fails: null, "all_successful"),
        "one_child_fails" => Run(Three, fails: 2, "all_successful"),
        "one_child_fails_reduce_all_finished" => Run(Three, fails: 2, "all_finished"),
        "empty_list" => Run(Array.Empty<int>(), fails: null, "all_successful"),
        "unmappable_int" => Run(5, fails: null, "all_successful"),
        "zip_shortest" => RunZip(),
        _ => null,
    };

    private static Sightings Run(object list, int? fails, string trigger)
    {
        var flow = new TestFlow()
            .Task("list", _ => list)
            .Add(new("mapped", TestFlow.Body(arguments => Return((int)arguments[0].Value!, fails))) { Map = [new("x", "list")] })
            .Add(new("reduce", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("all", "mapped")], Trigger = Trigger.Find(trigger)! });
        var run = flow.RunAll();
        return Sightings.Of(run).AddChildren("children", run.Of("mapped"));
    }

    private static int Return(int x, int? fails) => x == fails ? throw TaskUnderTrial.Error("ValueError", "two") : x;

    private static Sightings RunZip()
    {
        var flow = new TestFlow()
            .Task("a", _ => Three)
            .Task("b", _ => new[] { 10, 20 })
            .Add(new("zip", TestFlow.Body(arguments => (arguments[0].Value, arguments[1].Value))) { Map = [new("p", "a"), new("q", "b")] });
        return new() { ["results"] = flow.RunAll().Of("zip").Result };
    }
}
