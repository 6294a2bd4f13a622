using System.Text;
using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Progress of a subflow is kept and reported when its task is set, fails or is read again.</summary>
public class SubflowProgressTests
{
    [Fact]
    public void A_task_reset_while_its_subflow_waits_for_approval_waits_for_it_again()
    {
        var inner = new TestFlow("inner").Task("a").Add(new("approve", TestFlow.Body(_ => "yes")) { After = ["a"], Trigger = Trigger.Find("manual_only")! });
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow });
        var paused = flow.Step(flow.New());

        var again = flow.Step(paused.Change((_, state) => state.SubflowRun is null ? state : state.Reset("by hand")));

        Assert.Equal((StateType.Paused, StateType.Paused), (again.Of("sub").StateType, again.StateType));
        Assert.Equal(["a"], inner.Ran);
    }

    [Fact]
    public void A_subflow_that_cannot_continue_keeps_its_progress()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("token", null)]) }).Task("x").Task("y", "x");
        TestFlow Make(bool givesToken) => new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = givesToken ? [new("token", "token")] : [], After = ["token"] });
        var first = Make(givesToken: true);
        var document = FlowStateWriter.Write(first.Step(first.New(), maxTasks: 2, reset: true));
        var next = Make(givesToken: false);

        var run = next.Step(FlowStateReader.Read(next.Flow, document).Run);

        Assert.Equal(StateType.Failed, run.Of("sub").StateType);
        Assert.Contains("the task no longer provides it", run.Of("sub").Message!, StringComparison.Ordinal);
        Assert.Equal([StateType.Success, StateType.Pending], run.Of("sub").Subflow!.Types());
    }

    [Fact]
    public void A_sensitive_subflows_document_says_so_and_foreign_results_in_it_are_secret()
    {
        var inner = new TestFlow("inner").Task("x", _ => "kept to itself").Task("y", "x");
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow, IsSensitive = true });
        var document = JsonNode.Parse(FlowStateWriter.Write(flow.Step(flow.New(), maxTasks: 1, reset: true)))!;
        var subflow = document["tasks"]![0]!["subflow"]!;
        subflow["tasks"]![0]!["state"]!["_result"] = JsonNode.Parse("""{"type":"Result","value":"hunter2"}""");

        var read = FlowStateReader.Read(flow.Flow, Encoding.UTF8.GetBytes(document.ToJsonString())).Run;

        Assert.True((bool)subflow["run"]!["sensitive"]!);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(FlowStateWriter.Write(read)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subflow_of_another_name_is_read_with_a_warning()
    {
        TestFlow Outer(string name) => new TestFlow().Add(new("sub", null) { Subflow = new TestFlow(name).Task("x").Task("y", "x").Flow });
        var run = Outer("before");

        var read = FlowStateReader.Read(Outer("after").Flow, FlowStateWriter.Write(run.Step(run.New(), maxTasks: 1, reset: true)));

        Assert.Contains("The state document belongs to flow 'before', not to 'after'.", read.Warnings);
        Assert.Equal(StateType.Success, read.Run.Of("sub").Subflow!.Of("x").StateType);
    }
}
