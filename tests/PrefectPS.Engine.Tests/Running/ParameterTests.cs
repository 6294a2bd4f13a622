using System.Security;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Running;

public sealed class ParameterTests
{
    [Fact]
    public void A_new_run_has_the_given_values_and_defaults_regardless_of_case()
    {
        var run = FlowState.New(MakeFlow().Flow, Given(("environment", "dev")));
        Assert.Equal(["Environment", "Count"], run.Parameters.Keys);
        Assert.Equal(("dev", 3), (run.Parameters["ENVIRONMENT"], run.Parameters["count"]));
    }

    [Fact]
    public void All_faults_are_reported_together_before_anything_runs()
    {
        var flow = MakeFlow(new FaultySet());
        var error = Assert.Throws<FlowException>(() => FlowState.New(flow.Flow, Given(("Envrionment", "dev"))));
        Assert.Equal((FlowErrorId.ParameterInvalid, flow.Flow), (error.Id, error.Target));
        Assert.Equal(
            """
            Flow 'flow' cannot run with these parameters:
              Envrionment: The flow has no such parameter.
              Environment: It is required.
              Count: It is too large.
            Its parameters are Environment, Count; set their values with -Parameter @{ … } when a run starts.
            """,
            error.Message,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_flow_without_parameters_takes_none()
    {
        var error = Assert.Throws<FlowException>(() => FlowState.New(new TestFlow().Flow, Given(("a", 1))));
        Assert.EndsWith("The flow has no parameters; declare them with New-Flow -Parameter.", error.Message, StringComparison.Ordinal);
        Assert.Empty(new TestFlow().New().Parameters);
    }

    [Theory]
    [InlineData(nameof(SecureString), "A secret is never written to a state document")]
    [InlineData("itself", "contains itself")]
    public void A_value_that_cannot_be_serialized_is_rejected_at_once(string kind, string fault)
    {
        var itself = new List<object>();
        itself.Add(itself);
        using var secret = new SecureString();
        object value = kind == "itself" ? itself : secret;
        var error = Assert.Throws<FlowException>(() => FlowState.New(MakeFlow().Flow, Given(("Environment", value))));
        Assert.Equal(FlowErrorId.ParameterInvalid, error.Id);
        Assert.Contains("Environment: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_is_the_same_in_the_first_step_as_in_later_ones()
    {
        var flow = MakeFlow();
        var first = FlowState.New(flow.Flow, Given(("Environment", DayOfWeek.Monday), ("Count", new[] { 1L, 2L })));
        var second = flow.Travel(first);
        Assert.Equal(DayOfWeek.Monday, first.Parameters["Environment"]);
        Assert.Equal([1L, 2L], Assert.IsType<long[]>(first.Parameters["Count"]));
        Assert.Equal(first.Parameters, second.Parameters);
    }

    [Fact]
    public void Parameters_travel_in_the_document_and_are_not_bound_again()
    {
        var set = new CountingSet();
        var flow = MakeFlow(set).Task("a").Task("b");
        var run = FlowState.New(flow.Flow, Given(("Environment", new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc))));
        var document = Encoding.UTF8.GetString(FlowStateWriter.Write(run));
        Assert.Contains("""
            "parameters":{"Environment":{"$type":"datetime","value":"2026-11-24T00:00:00.0000000Z"},"Count":3}
            """, document, StringComparison.Ordinal);

        run = flow.Step(flow.Travel(flow.Step(run, maxTasks: 1, reset: true)));
        Assert.Equal(new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc), run.Parameters["Environment"]);
        Assert.Equal(1, set.Bound);
    }

    [Fact]
    public void A_document_without_parameters_takes_given_values_and_defaults()
    {
        const string document = """[{"slug":"a","type":"Success"}]""";
        var run = Read(MakeFlow().Task("a"), document, Given(("Environment", "prod"))).Run;
        Assert.Equal(("prod", 3), (run.Parameters["Environment"], run.Parameters["Count"]));
        Assert.Equal(3, Read(MakeFlow().Task("a"), document).Run.Parameters["Count"]);
    }

    [Fact]
    public void A_parameter_in_the_document_cannot_be_given_again()
    {
        var flow = MakeFlow().Task("a");
        var document = Encoding.UTF8.GetString(FlowStateWriter.Write(flow.New()));
        var error = Assert.Throws<FlowException>(() => Read(flow, document, Given(("count", 3))));
        Assert.Equal(FlowErrorId.ParameterInvalid, error.Id);
        Assert.StartsWith("Run 'run-1' of flow 'flow' keeps the parameters with which it started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_parameter_is_reported_and_a_new_one_has_its_default()
    {
        var decoded = Read(MakeFlow().Task("a"), """{"run":{"id":"r","parameters":{"Gone":1,"environment":"dev"}},"tasks":[]}""");
        Assert.Equal(["Parameter 'Gone' in the state document is not a parameter of flow 'flow'; its value is ignored."], decoded.Warnings);
        Assert.Equal([new("Environment", "dev"), new("Count", 3)], decoded.Run.Parameters);
    }

    [Theory]
    [InlineData("""{"run":{"parameters":5},"tasks":[]}""", "$.run.parameters (line 1, byte 22) an object was expected, not a number")]
    [InlineData("""{"run":{"parameters":{"a":{"$type":"nope","value":""}}},"tasks":[]}""", "$.run.parameters.a (line 1, byte 27) the $type 'nope' is not known")]
    public void Malformed_parameters_are_an_error_with_the_position(string document, string fault)
    {
        var error = Assert.Throws<FlowException>(() => Read(MakeFlow(), document));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_follow_inputs_and_constants_and_the_context_has_all()
    {
        var flow = MakeFlow().Task("a", _ => "input");
        flow.Add(new("b", TestFlow.Body((context, arguments) => $"{context.Parameters["environment"]}: {Values(arguments)}"))
        {
            InputFrom = [new("x", "a")],
            Arguments = [new("y", "constant")],
            Parameters = ["Count"],
        });
        var run = flow.Step(FlowState.New(flow.Flow, Given(("Environment", "dev"))));
        Assert.Equal("dev: x=input y=constant Count=3", run.Of("b").Result);
    }

    [Theory]
    [InlineData("{Environment}/{Count}", "dev/3")]
    [InlineData("{environment}/{parameters[COUNT]:000}", "dev/003")]
    [InlineData("{task_name}-{parameters[task_name]}", "a-mine")]
    [InlineData("{When}/{When:%Y}/{parameters[When]:MM}", "2026-11-24/2026/11")]
    [InlineData("x{Nothing}", "x")]
    public void A_target_may_use_parameters_after_Prefects_variables(string target, string expected)
    {
        var run = RunWithTarget(target);
        Assert.Equal(expected, run.Of("a").ResultLocation);
    }

    [Theory]
    [InlineData("{List}", "the parameter 'List' is a list or a table")]
    [InlineData("{Environment:000}", "the parameter 'Environment' is a text and takes no format")]
    public void A_value_that_cannot_be_in_a_path_fails_the_task_and_is_named(string target, string fault)
    {
        var task = RunWithTarget(target).Of("a");
        Assert.Equal((StateType.Failed, FlowErrorId.TargetInvalid), (task.StateType, task.Error!.Id));
        Assert.Contains(fault, task.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{Coutn}", "'Coutn'")]
    [InlineData("{parameters[date]}", "'parameters[date]'")]
    public void An_unknown_variable_is_an_error_that_lists_parameters_too(string target, string named)
    {
        var error = Assert.Throws<FlowException>(() => TargetTemplate.Parse(target, new([], ["Environment", "Count"])));
        Assert.Contains($"there is no variable {named}; there are date, ", error.Message, StringComparison.Ordinal);
        Assert.Contains(", Environment, Count;", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flows_with_different_parameters_have_different_fingerprints()
    {
        string Fingerprint(params string[] names) =>
            new TestFlow(options: new() { Parameters = new ParameterDefaults([.. names.Select(n => new KeyValuePair<string, object?>(n, 1))]) }).Flow.Plan.Fingerprint;

        Assert.Equal(Fingerprint("a"), Fingerprint("a"));
        Assert.Equal(3, new[] { Fingerprint(), Fingerprint("a"), Fingerprint("a", "b") }.Distinct().Count());
    }

    private static TestFlow MakeFlow(IParameterSet? parameters = null) =>
        new(options: new() { Parameters = parameters ?? new ParameterDefaults([new("Environment", null), new("Count", 3)]) });

    private static FlowState RunWithTarget(string target)
    {
        var flow = new TestFlow(options: new()
        {
            Store = MemoryStore.Named(nameof(ParameterTests)),
            Target = target,
            Parameters = new ParameterDefaults(
            [
                new("Environment", "dev"), new("Count", 3), new("task_name", "mine"), new("Nothing", null), new("List", new[] { 1 }),
                new("When", new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero)),
            ]),
        });
        return flow.Task("a", _ => "result").RunAll();
    }

    private static Dictionary<string, object?> Given(params (string Name, object? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    private static DecodedState Read(TestFlow flow, string document, IReadOnlyDictionary<string, object?>? given = null) =>
        FlowStateReader.Read(flow.Flow, Encoding.UTF8.GetBytes(document), given);

    private static string Values(TaskArguments arguments) =>
        string.Join(' ', Enumerable.Range(0, arguments.Count).Select(i => $"{arguments[i].Key}={arguments[i].Value}"));

    private sealed class CountingSet : IParameterSet
    {
        public int Bound { get; private set; }

        public IReadOnlyList<PayloadField> Fields => [];

        public IReadOnlyList<string> Names => ["Environment", "Count"];

        public string Source => string.Empty;

        public string? NameOf(string given) => Names.FirstOrDefault(name => string.Equals(name, given, StringComparison.OrdinalIgnoreCase));

        public IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults)
        {
            Bound++;
            return [given["environment"], 3];
        }

        public object? BindOne(string name, object? value, ICollection<ParameterFault> faults) => value;

        public IEnumerable<string> DependentsOf(string name) => [];
    }

    private sealed class FaultySet : IParameterSet
    {
        public IReadOnlyList<PayloadField> Fields => [];

        public IReadOnlyList<string> Names => ["Environment", "Count"];

        public string Source => string.Empty;

        public string? NameOf(string given) => Names.FirstOrDefault(name => string.Equals(name, given, StringComparison.OrdinalIgnoreCase));

        public IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults)
        {
            faults.Add(new("Environment", "It is required."));
            faults.Add(new("Count", "It is too large."));
            return [];
        }

        public object? BindOne(string name, object? value, ICollection<ParameterFault> faults) => value;

        public IEnumerable<string> DependentsOf(string name) => [];
    }
}
