using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A secret that a task is given by its name is looked up once in each step that needs it, and only its name is written.</summary>
public class NamedSecretTests
{
    private const string Value = "correct horse";

    private readonly List<string> _found = [];

    [Fact]
    public void A_body_gets_the_value_which_a_step_looks_up_once()
    {
        var flow = new TestFlow();
        flow.Add(Taking("one", arguments => arguments[0].Value!.ToString()!.Length)).Add(Taking("two", arguments => $"{arguments[1].Value}".Length) with { Map = [new("x", "list")] });
        flow.Task("list", _ => new object[] { 1, 2, 3 });
        var run = flow.RunAll();
        Assert.Equal(Value.Length, run.Tasks[0].Result);
        Assert.Equal(["one", "two"], _found.Order(StringComparer.Ordinal));
        flow.RunAll();
        Assert.Equal(4, _found.Count);
    }

    [Fact]
    public void No_document_contains_the_value_and_errors_mask_it()
    {
        var flow = new TestFlow();
        flow.Add(Taking("tells", arguments => throw new InvalidOperationException($"refused: {arguments[0].Value}")));
        var run = flow.RunAll();
        Assert.Equal($"Error during execution of task: refused: {SecretMask.Mark}", run.Tasks[0].Message);
        Assert.DoesNotContain(Value, Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_before_the_lookup_does_not_prevent_later_masking()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = new TestFlow(options: new() { Store = store });
        flow.Add(Taking("writes", null) with
        {
            Body = TestFlow.Body((context, arguments) =>
            {
                context.Output!.Take(FlowLogSource.Host, "before");
                return context.Output.Take(FlowLogSource.Host, $"told {arguments[0].Value}");
            }),
        });
        Assert.Equal($"told {SecretMask.Mark}", flow.Recorded().Step("run").Tasks[0].Result);
    }

    [Fact]
    public void A_missing_secret_fails_its_task_and_a_retry_looks_it_up_again()
    {
        var looks = 0;
        var flow = new TestFlow();
        flow.Add(new("late", TestFlow.Body(arguments => $"{arguments[0].Value}".Length))
        {
            Secrets = [new("p", new("late", () => ++looks == 1 ? throw new InvalidOperationException("not yet") : Value))],
            Retry = new() { MaxRetries = 1 },
        });
        Assert.Equal(Value.Length, flow.RunAll().Tasks[0].Result);
        Assert.Equal(2, looks);
    }

    [Fact]
    public void The_fingerprint_contains_the_secrets_name()
    {
        Assert.Equal(FingerprintOf("one"), FingerprintOf("one"));
        Assert.NotEqual(FingerprintOf("one"), FingerprintOf("two"));
        Assert.Empty(_found);
    }

    [Fact]
    public void A_plan_looks_up_no_secret()
    {
        var flow = new TestFlow();
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("p", null)]) }).Task("plain");
        flow.Add(Taking("one", _ => 1)).Add(Taking("sub", null) with { Subflow = inner.Flow });
        Assert.Equal(
            ["one: Run (has not run)", "sub: Run (has not run)", "sub/plain: Run (has not run)"],
            StepPlanner.Plan(flow.New(), new(), TestContext.Current.CancellationToken).Select(plan => plan.ToString()));
        Assert.Empty(_found);
    }

    [Fact]
    public void A_subflow_takes_a_named_secret_as_a_secret_parameter_in_each_step()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("p", null)]) });
        inner.Task("first").Add(new("second", TestFlow.Body(arguments => $"{arguments[0].Value}".Length)) { Parameters = ["p"], After = ["first"] });
        var flow = new TestFlow();
        flow.Add(Taking("sub", null) with { Subflow = inner.Flow });
        var step = flow.Step(flow.New(), maxTasks: 1, reset: true);
        var document = FlowStateWriter.Write(step);
        Assert.DoesNotContain(Value, Encoding.UTF8.GetString(document), StringComparison.Ordinal);
        Assert.Equal(Value.Length, flow.RunAll(flow.Travel(step)).Tasks[0].Result);
    }

    [Fact]
    public void A_cached_result_cannot_depend_on_a_named_secret()
    {
        var flow = new TestFlow();
        flow.Add(Taking("one", _ => 1) with { Cache = new(TimeSpan.FromHours(1)) { Inputs = ["p"] } });
        Assert.Equal("Success", flow.RunAll().Tasks[0].State);
        Assert.Equal("Success", flow.RunAll().Tasks[0].State);
    }

    private static string FingerprintOf(string secret)
    {
        var flow = new TestFlow();
        flow.Add(new("one", TestFlow.Body(_ => 1)) { Secrets = [new("p", new(secret, () => Value))] });
        return flow.Flow.Plan.Fingerprint;
    }

    private TaskOptions Taking(string name, Func<TaskArguments, object?>? body) => new(name, body is null ? null : TestFlow.Body(body))
    {
        Secrets = [new("p", new(name, () => Find(name)))],
    };

    private string Find(string name)
    {
        _found.Add(name);
        return Value;
    }
}
