using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>Documents for transport reject large byte arrays anywhere in them.</summary>
public class LargeBytesTests
{
    private static readonly Dictionary<string, Func<object, TestFlow>> Places = new()
    {
        ["result"] = value => new TestFlow().Task("t", _ => value),
        ["result, in a table"] = value => new TestFlow().Task("t", _ => new Dictionary<string, object> { ["x"] = new[] { value } }),
        ["result of a child"] = value => new TestFlow().Task("list", _ => new[] { 1 }).Add(new("t", TestFlow.Body(_ => value)) { Map = [new("x", "list")] }),
        ["result of a loop's pass"] = value => new TestFlow().Add(new("t", TestFlow.Body((context, _) =>
            throw new FlowSignalException(context.LoopCount == 1 ? new State(StateType.Looped) { Result = TaskResult.Of(value) } : new(StateType.Paused), endsRun: false)))),
        ["result in a subflow"] = value => new TestFlow().Add(new("sub", null) { Subflow = new TestFlow("inner").Task("t", _ => value).Task("end", _ => 1, "t").Flow }),
    };

    public static TheoryData<string, DocumentForm> Cases { get; } = new(from place in Places.Keys from form in Enum.GetValues<DocumentForm>() select (place, form));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Large_byte_arrays_are_rejected_and_the_task_is_named(string place, DocumentForm form)
    {
        var flow = Places[place](new byte[Limits.MaxBytesInArray + 1]);
        var run = flow.Step(flow.New());

        var error = Assert.Throws<FlowException>(() => form.Travel(flow, run));

        Assert.Equal((FlowErrorId.ResultInvalid, "t"), (error.Id, error.Target));
        Assert.Contains("-Store", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Smaller_byte_arrays_are_accepted(string place, DocumentForm form)
    {
        var flow = Places[place](new byte[Limits.MaxBytesInArray]);
        var run = flow.Step(flow.New());
        Assert.Equal(run.Types(), form.Travel(flow, run).Types());
    }

    [Theory]
    [InlineData(DocumentForm.Json)]
    [InlineData(DocumentForm.Compact)]
    [InlineData(DocumentForm.Prefect)]
    public void In_a_store_large_byte_arrays_are_kept(DocumentForm form)
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() }).Task("t", _ => new byte[Limits.MaxBytesInArray + 1]);
        var run = form.Travel(flow, flow.Step(flow.New()));
        Assert.Equal(Limits.MaxBytesInArray + 1, Assert.IsType<byte[]>(run.Of("t").Result).Length);
    }
}
