using System.Globalization;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

public class ChangedFlowTests
{
    [Fact]
    public void An_unchanged_flow_reports_no_changes() => Assert.Empty(Read(MakeFlow(), Document(MakeFlow())).Warnings);

    [Fact]
    public void New_removed_and_changed_tasks_are_reported_by_name()
    {
        var decoded = Read(Changed(), Document(MakeFlow()));
        Assert.Equal(
            [
                "Task 'gone' in the state document is not in flow 'f'; its state Success is ignored.",
                "Flow 'f' has changed since the state document was written: new: new; changed: b; gone: gone.",
            ],
            decoded.Warnings);
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Success, StateType.Success], decoded.Run.Types());
    }

    [Fact]
    public void With_Error_a_changed_flow_is_an_error()
    {
        var error = Assert.Throws<FlowException>(() => Read(Changed(), Document(MakeFlow()), FlowChangeAction.Error));
        Assert.Equal(FlowErrorId.FlowChanged, error.Id);
        Assert.StartsWith("Flow 'f' has changed since the state document was written: new: new; changed: b; gone: gone. Use -OnChange Warn", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(Read(MakeFlow(), Document(MakeFlow()), FlowChangeAction.Error).Warnings);
    }

    [Fact]
    public void With_RerunChanged_changed_tasks_and_all_downstream_run_again()
    {
        var flow = Changed();
        var decoded = Read(flow, Document(MakeFlow()), FlowChangeAction.RerunChanged);
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending, StateType.Pending], decoded.Run.Types());
        Assert.EndsWith("2 tasks run again.", decoded.Warnings[^1], StringComparison.Ordinal);
        Assert.Equal(StateType.Success, flow.RunAll(decoded.Run).StateType);
        Assert.Equal(["new", "b", "c"], flow.Ran);
    }

    [Fact]
    public void A_task_before_a_new_one_keeps_its_state_and_one_after_it_runs_again()
    {
        var flow = new TestFlow("f").Task("a").Add(new("b", new SourceBody("1")) { After = ["a"] }).Task("new", "b").Task("c", "new").Task("gone");
        Assert.Equal(
            [StateType.Success, StateType.Success, StateType.Pending, StateType.Pending, StateType.Success],
            Read(flow, Document(MakeFlow()), FlowChangeAction.RerunChanged).Run.Types());
    }

    [Fact]
    public void A_hand_edited_document_reports_that_changes_cannot_be_determined()
    {
        var document = Document(MakeFlow()).Replace(
            """{"task":{"slug":"gone"},"state":{"type":"Success","message":"Task run succeeded."},"time":[0,0]}""",
            """{"slug":"a","type":"Success"},{"slug":"a","type":"Success"}""",
            StringComparison.Ordinal);
        Assert.Contains("Flow 'f' has changed since the state document was written: in which tasks cannot be told.", Read(Flow("x"), document).Warnings);
    }

    [Fact]
    public void Many_changes_are_one_sentence_and_many_unknown_tasks_are_counted()
    {
        var big = new TestFlow("f");
        for (var i = 0; i < 1000; i++)
            big.Task($"t{i}");
        var warnings = Read(new TestFlow("f").Task("a"), Document(big)).Warnings;
        Assert.Equal(Limits.MaxWarnings + 1, warnings.Count);
        Assert.Equal("981 more warnings of this kind are not shown.", warnings[^1]);
        Assert.Contains("gone: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 990 more.",
            Assert.Throws<FlowException>(() => Read(new TestFlow("f").Task("a"), Document(big), FlowChangeAction.Error)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_is_the_same_with_any_line_endings_and_in_any_culture()
    {
        var plain = Fingerprint("a\nb");
        Assert.Equal(plain, Fingerprint("a\r\nb"));
        Assert.NotEqual(plain, Fingerprint("a b"));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(string.Empty) { NumberFormat = { NumberDecimalSeparator = "," }, DateTimeFormat = { TimeSeparator = "-" } };
            Assert.Equal(plain, Fingerprint("a\nb"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        static string Fingerprint(string source)
        {
            var flow = new TestFlow("f");
            flow.Add(new("a", new SourceBody(source)) { Arguments = [new("n", 1.5), new("text", "x\ny"), new("when", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))] });
            return flow.Flow.Plan.Fingerprint;
        }
    }

    [Fact]
    public void The_fingerprint_is_the_same_in_every_process() =>
        Assert.Equal("sha256:74e5d247384976249da625d71eb47fd6b4434a67213f76718750b61cd6de83b6", MakeFlow().Flow.Plan.Fingerprint);

    private static TestFlow MakeFlow() => Flow("1").Task("gone");

    private static TestFlow Flow(string b) => new TestFlow("f").Task("a").Add(new("b", new SourceBody(b)) { After = ["a"] }).Task("c", "b");

    private static TestFlow Changed() => new TestFlow("f").Task("a").Task("new").Add(new("b", new SourceBody("2")) { After = ["a"] }).Task("c", "b");

    private static string Document(TestFlow flow) => Encoding.UTF8.GetString(FlowStateWriter.Write(flow.RunAll()));

    private static DecodedState Read(TestFlow flow, string document, FlowChangeAction onChange = FlowChangeAction.Warn) =>
        FlowStateReader.Read(flow.Flow, Encoding.UTF8.GetBytes(document), new ReadingOptions { OnChange = onChange });
}
