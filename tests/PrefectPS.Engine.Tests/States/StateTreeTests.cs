using System.Text.Json;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.States;

public class StateTreeTests
{
    private static readonly Dictionary<string, StateTraits> Predicates = new()
    {
        ["is_cached"] = StateTraits.Cached,
        ["is_failed"] = StateTraits.Failed,
        ["is_finished"] = StateTraits.Finished,
        ["is_looped"] = StateTraits.Looped,
        ["is_mapped"] = StateTraits.Mapped,
        ["is_meta_state"] = StateTraits.Meta,
        ["is_pending"] = StateTraits.Pending,
        ["is_queued"] = StateTraits.Queued,
        ["is_retrying"] = StateTraits.Retrying,
        ["is_running"] = StateTraits.Running,
        ["is_scheduled"] = StateTraits.Scheduled,
        ["is_skipped"] = StateTraits.Skipped,
        ["is_submitted"] = StateTraits.Submitted,
        ["is_successful"] = StateTraits.Successful,
    };

    public static TheoryData<StateType> Types => [.. StateTypes.All];

    [Fact]
    public void There_are_the_reference_engines_types_and_no_others()
    {
        var names = Classes().EnumerateObject().Select(c => c.Name).Except([StateTypes.Root, StateTypes.Meta]);
        Assert.Equal(names.Order(StringComparer.Ordinal), StateTypes.All.Select(t => t.Name()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Ancestors_are_the_reference_engines(StateType type)
    {
        var mro = Class(type).GetProperty("mro").EnumerateArray().Select(name => name.GetString()!);
        Assert.Equal(mro, type.Ancestors().Prepend(type.Name()));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Predicates_are_the_reference_engines(StateType type)
    {
        var expected = Class(type).GetProperty("predicates").EnumerateObject().Where(p => p.Value.GetBoolean()).Select(p => p.Name);
        var ours = Predicates.Where(p => type.Has(p.Value)).Select(p => p.Key);
        Assert.Equal(expected.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Colours_are_the_reference_engines(StateType type) =>
        Assert.Equal(Class(type).GetProperty("color").GetString(), type.Color());

    [Fact]
    public void The_roots_have_the_reference_engines_colour()
    {
        Assert.Equal(StateTypes.RootColor, Classes().GetProperty(StateTypes.Root).GetProperty("color").GetString());
        Assert.Equal(StateTypes.RootColor, Classes().GetProperty(StateTypes.Meta).GetProperty("color").GetString());
    }

    [Fact]
    public void The_tree_hangs_together_as_the_reference_engines_does() => Assert.All(StateTypes.All, type =>
    {
        var row = Class(type);
        Assert.Equal(row.GetProperty("direct_base").GetString(), type.Ancestors()[0]);
        Assert.Equal(Names(row, "parents()"), type.Ancestors().Where(name => name != StateTypes.Meta)); // there private ones are left out
        Assert.Equal(
            Names(row, "children()").Order(StringComparer.Ordinal),
            StateTypes.All.Where(other => other.Ancestors().Contains(type.Name(), StringComparer.Ordinal)).Select(other => other.Name()).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void Every_predicate_of_the_reference_engine_is_known() =>
        Assert.Equal(
            ConformanceData.Read("states.json").GetProperty("predicates").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal),
            Predicates.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_part_of_the_file_is_run_or_excluded_with_a_reason()
    {
        string[] here = ["predicates", "classes"];
        string[] inStateDocumentTests = ["deserialize"];
        string[] otherwise = ["round_trip_written_PrefectResult_99", "mapped_roundtrip", "load_result_after_roundtrip"]; // row d: results and children survive
        string[] pythonsOwn = ["prefect_version", "equality", "result_attr"]; // its version, its ==, its result classes
        Assert.Equal(
            ConformanceData.Read("states.json").EnumerateObject().Select(part => part.Name).Order(StringComparer.Ordinal),
            here.Concat(inStateDocumentTests).Concat(otherwise).Concat(pythonsOwn).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names(JsonElement row, string property) => row.GetProperty(property).EnumerateArray().Select(name => name.GetString()!);

    private static JsonElement Classes() => ConformanceData.Read("states.json").GetProperty("classes");

    private static JsonElement Class(StateType type) => Classes().GetProperty(type.Name());
}
