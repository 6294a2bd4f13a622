using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Flows;

/// <summary>No task has a name that a child of a mapped task, or a task in a subflow, of the same flow could have.</summary>
public class TaskKeysTests
{
    public static TheoryData<string, string, bool> Pairs() => new()
    {
        { "map", "map[0]", true },
        { "map", "MAP[12]", true },
        { "map", "map[00]", true },
        { "map", "map[a]", false },
        { "map", "map[]", false },
        { "map", "map[0]x", false },
        { "map", "other[0]", false },
        { "map", "map/b", false },
        { "sub", "sub/b", true },
        { "sub", "SUB/b/c", true },
        { "sub", "sub/", true },
        { "sub", "other/sub/b", false },
        { "sub", "subs/b", false },
        { "sub", "sub[0]", false },
        { "submap", "submap[3]/b", true },
        { "submap", "submap[3]", true },
        { "submap", "submap/b", true },
        { "plain", "plain[0]", false },
        { "plain", "plain/b", false },
        { "sub/sub", "sub/sub/x", true },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_ambiguous_name_or_slug_is_rejected_in_either_order(string whole, string other, bool isRefused)
    {
        AssertRefused(isRefused, flow => Add(flow, whole), flow => flow.Task(other));
        AssertRefused(isRefused, flow => flow.Task(other), flow => Add(flow, whole));
        AssertRefused(isRefused, flow => Add(flow, whole), flow => flow.Add(new("named", TestFlow.Body(_ => null)) { Slug = other }));
        AssertRefused(isRefused, flow => flow.Add(new(other, TestFlow.Body(_ => null)) { Slug = "slug" }), flow => Add(flow, whole));
    }

    [Fact]
    public void A_rejected_task_leaves_the_flow_unchanged()
    {
        var flow = Add(new TestFlow().Task("list"), "map");
        Assert.Throws<FlowException>(() => flow.Add(new("free", TestFlow.Body(_ => null)) { Slug = "map[0]" }));
        flow.Task("free");
        Assert.Equal("free", flow.Flow.Find("free")!.Slug);
    }

    private static void AssertRefused(bool isRefused, Action<TestFlow> first, Action<TestFlow> second)
    {
        var flow = new TestFlow().Task("list");
        first(flow);
        if (!isRefused)
        {
            second(flow);
            return;
        }

        var error = Assert.Throws<FlowException>(() => second(flow));
        Assert.Equal(FlowErrorId.TaskExists, error.Id);
        Assert.Contains("-Slug", error.Message, StringComparison.Ordinal);
    }

    private static TestFlow Add(TestFlow flow, string whole)
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) }).Task("b");
        return flow.Add(new(whole, whole.StartsWith("sub", StringComparison.Ordinal) ? null : TestFlow.Body(_ => null))
        {
            Subflow = whole.StartsWith("sub", StringComparison.Ordinal) ? inner.Flow : null,
            Map = whole.EndsWith("map", StringComparison.Ordinal) ? [new("x", "list")] : [],
        });
    }
}
