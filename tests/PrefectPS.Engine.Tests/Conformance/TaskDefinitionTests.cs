using System.Globalization;
using System.Text.Json;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>Tasks and flows as the reference engine describes them: <c>tasks.json</c>. What goes wrong in defining them is the module's part.</summary>
public class TaskDefinitionTests
{
    private static readonly string[] Flows = ["seed_flow_slug", "seed_flow_noslug"];

    // Parameters are no tasks with us; a task's inputs and types are those of its script block.
    private static readonly string[] NotCompared = ["inputs", "outputs", "type", "auto_generated", "__version__", "slug"];

    // Each part of the file that is not run, with its reason; a part that is added later has to be run or put here.
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["prefect_version"] = "no behaviour",
        ["Parameter_attrs"] = "a parameter is no task",
        ["duplicate_slugs"] = "row c: names and slugs are unique",
        ["decorated_slug_called_3_times"] = "row c: names and slugs are unique",
        ["two_tasks_same_name"] = "row c: names and slugs are unique",
        ["does_flow_serialize_assign_slug"] = "row b: a task has its slug from the start",
        ["adding_same_task_twice_count"] = "a task is added by its definition, not as an object",
        ["serialized_hash_equal_across_builds"] = "PlanTests: a flow's fingerprint",
        ["data_flow"] = "Python's operators and collections are tasks there",
        ["flow_deserialized"] = "a flow is code",
        ["duplicate_explicit_slug_error"] = "the module's DefinitionErrorTests",
        ["errors"] = "the module's DefinitionErrorTests",
    };

    public static TheoryData<string> FlowRows() => [.. Flows];

    public static IEnumerable<TheoryDataRow<string>> TaskRows() =>
        Standalone().EnumerateObject().Where(row => !IsParameter(row.Name)).Select(row => new TheoryDataRow<string>(row.Name));

    [Fact]
    public void Every_part_of_the_file_is_run_or_excluded_with_a_reason() =>
        Assert.Equal(
            ConformanceData.Read("tasks.json").EnumerateObject().Select(part => part.Name).Order(StringComparer.Ordinal),
            LeftOut.Keys.Concat(Flows).Append("standalone_tasks").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(TaskRows))]
    public void A_task_equals_the_reference_engines(string name)
    {
        var row = Standalone().GetProperty(name);
        Assert.True(row.TryGetProperty("trigger", out _), $"Nothing reads the row '{name}' of tasks.json: it is no task.");
        var flow = new TestFlow().Add(Make(row));
        Assert.Equal(Describe(row), Describe(flow.Flow.Tasks.Single()));
    }

    [Theory]
    [MemberData(nameof(FlowRows))]
    public void The_first_flow_equals_the_reference_engines(string name)
    {
        var row = ConformanceData.Read("tasks.json").GetProperty(name);
        var flow = SeedFlow.Make().Flow;
        Assert.Equal(Names(row, "root_tasks"), flow.Tasks.Where(task => !task.Upstream.Any()).Select(task => task.Name));
        Assert.Equal(Names(row, "terminal_tasks"), flow.Tasks.Where(task => flow.Plan.DownstreamOf(task.Index).Length == 0).Select(task => task.Name));
        Assert.Equal(Names(row, "reference_tasks"), flow.Tasks.Where(task => flow.Plan.IsReference[task.Index]).Select(task => task.Name));
        Assert.Equal(row.GetProperty("get_tasks() count").GetInt32(), flow.Tasks.Count);
        Assert.Null(flow.Find("nope"));
        Assert.Equal(Edges(row.GetProperty("flow.serialize()")), Edges(flow));
        foreach (var task in row.GetProperty("tasks").EnumerateObject())
            Assert.Equal(Describe(task.Value), Describe(flow.Find(task.Name)!));
    }

    [Fact]
    public void Row_c_a_task_without_a_slug_of_its_own_has_its_name_for_one()
    {
        var flow = SeedFlow.Make().Flow;
        Assert.All(flow.Tasks, task => Assert.Equal(task.Name, task.Slug));
        var reference = ConformanceData.Read("tasks.json").GetProperty("seed_flow_noslug").GetProperty("flow.slugs");
        Assert.All(flow.Tasks, task => Assert.NotEqual(task.Slug, reference.GetProperty(task.Name).GetString()));
    }

    // With us, a parameter is no task.
    private static bool IsParameter(string row) => row.Contains("Parameter", StringComparison.Ordinal);

    private static JsonElement Standalone() => ConformanceData.Read("tasks.json").GetProperty("standalone_tasks");

    private static IEnumerable<string> Names(JsonElement row, string property) => row.GetProperty(property).EnumerateArray().Select(name => name.GetString()!);

    private static IEnumerable<string> Edges(JsonElement flow) =>
        flow.GetProperty("edges").EnumerateArray().Select(edge => $"{Slug(edge, "upstream_task")} -> {Slug(edge, "downstream_task")}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Edges(Flow flow) =>
        flow.Tasks.SelectMany(task => task.Upstream.Select(upstream => $"{upstream} -> {task.Name}")).Order(StringComparer.Ordinal);

    // With slugs that are made, task3-1; what matters is the task.
    private static string Slug(JsonElement edge, string end) => edge.GetProperty(end).GetProperty("slug").GetString()!.Split('-')[0];

    // A task of ours with the options that the row has: under the reference engine's names, in another order.
    private static TaskOptions Make(JsonElement row)
    {
        var cacheFor = Seconds(row, "cache_for");
        var retries = row.GetProperty("max_retries").GetInt32();
        string[] validated = row.GetProperty("cache_validator").GetProperty("kwargs").TryGetProperty("validate_on", out var on)
            ? [.. on.EnumerateArray().Select(n => n.GetString()!)] : [];
        string[] inputs = [.. row.GetProperty("inputs").EnumerateObject().Select(input => input.Name)];
        return new(row.GetProperty("name").GetString()!, TestFlow.Body(_ => null))
        {
            Slug = row.GetProperty("slug").GetString(),
            Tags = [.. row.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!).Reverse()],
            Arguments = [.. inputs.Select(input => new KeyValuePair<string, object?>(input, null))],
            Trigger = TriggerOf(row.GetProperty("trigger")),
            SkipOnUpstreamSkip = row.GetProperty("skip_on_upstream_skip").GetBoolean(),
            Retry = retries == 0 ? null : new() { MaxRetries = retries, Delays = [Seconds(row, "retry_delay")!.Value] },
            Timeout = Seconds(row, "timeout"),
            Cache = cacheFor is { } time
                ? new(time) { Key = row.GetProperty("cache_key").GetString(), Inputs = Validator(row) == "all_inputs" ? inputs : validated }
                : null,
        };
    }

    private static ITrigger TriggerOf(JsonElement trigger)
    {
        var name = LastName(trigger);
        return name switch
        {
            "some_failed" => Trigger.SomeFailed(new(trigger.GetProperty("kwargs").GetProperty("at_least").GetDouble(),
                trigger.GetProperty("kwargs").GetProperty("at_most").GetDouble())),
            _ => Trigger.Find(name) ?? new CustomTrigger(name, _ => true),
        };
    }

    private static string Describe(JsonElement row) => string.Join('\n', row.EnumerateObject()
        .Where(property => !NotCompared.Contains(property.Name, StringComparer.Ordinal))
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .Select(property => $"{property.Name}: {property.Name switch
        {
            "trigger" => LastName(property.Value),
            "cache_validator" => Validator(row),
            "tags" => string.Join(',', property.Value.EnumerateArray()),
            _ => property.Value.ToString(),
        }}"));

    private static string Describe(FlowTask task) => string.Join('\n',
        $"cache_for: {task.Cache?.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)}",
        $"cache_key: {task.Cache?.Key}",
        $"cache_validator: {(task.Cache is not { } cache ? "never_use" : cache.Inputs.Count == 0 ? "duration_only" : cache.Inputs.Count == task.Arguments.Count && cache.Key is not null ? "all_inputs" : "partial_inputs_only")}",
        $"max_retries: {task.Retry?.MaxRetries ?? 0}",
        $"name: {task.Name}",
        $"retry_delay: {task.Retry?.DelayAfter(1, 0).TotalSeconds.ToString(CultureInfo.InvariantCulture)}",
        $"skip_on_upstream_skip: {task.SkipOnUpstreamSkip}",
        $"tags: {string.Join(',', task.Tags)}",
        $"timeout: {task.Timeout?.TotalSeconds.ToString(CultureInfo.InvariantCulture)}",
        $"trigger: {task.TriggerRule.Name.Split('(')[0]}");

    private static string LastName(JsonElement function) => function.GetProperty("fn").GetString()!.Split('.')[^1];

    private static string Validator(JsonElement row) => LastName(row.GetProperty("cache_validator"));

    private static TimeSpan? Seconds(JsonElement row, string property) =>
        row.GetProperty(property) is { ValueKind: JsonValueKind.Number } seconds ? TimeSpan.FromSeconds(seconds.GetDouble()) : null;
}
