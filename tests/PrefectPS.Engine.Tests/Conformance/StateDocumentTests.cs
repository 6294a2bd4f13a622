using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The reference engine's documents, row by row: read as they were meant, and written as it writes them.</summary>
public sealed partial class StateDocumentTests
{
    // What a fault is called there, and what we say of the same fault.
    private static readonly Dictionary<string, string> Faults = new(StringComparer.Ordinal)
    {
        ["Not a valid string."] = "a string was expected",
        ["Not a valid integer."] = "an integer was expected",
        ["Not a valid datetime."] = "is not a date and time",
        ["Not a valid mapping type."] = "an object was expected",
        ["Field may not be null."] = "was expected, not null",
        ["Missing data for required field."] = "the state has no type|a state type was expected, not null",
    };

    public static IEnumerable<TheoryDataRow<string, string>> Written() =>
        StateRow.All().Select(row => new TheoryDataRow<string, string>(row.Type.Name(), row.Name));

    public static IEnumerable<TheoryDataRow<string, string>> Ours() =>
        StateRow.All().Where(OwnStates.Has).Select(row => new TheoryDataRow<string, string>(row.Type.Name(), row.Name));

    public static IEnumerable<TheoryDataRow<string, string>> Given() =>
        ConformanceData.Read("states.json").GetProperty("deserialize").EnumerateObject().Select(row => new TheoryDataRow<string, string>(row.Name, row.Value.GetRawText()));

    [Theory]
    [MemberData(nameof(Written))]
    public void A_state_written_by_Prefect_is_written_back_unchanged(string type, string name)
    {
        var row = StateRow.Get(type, name);
        var run = Read(row.Document);
        Assert.Equal(StateRow.Text(row.Document), StateRow.Text(Write(run), "context.prefectps"));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_state_that_Prefect_wrote_keeps_its_fields_through_our_own_document(string type, string name)
    {
        var row = StateRow.Get(type, name);
        var run = Read(row.Document);
        var again = FlowStateReader.Read(run.Flow, FlowStateWriter.Write(run)).Run;
        Assert.Equal(StateRow.Text(row.Document), StateRow.Text(Write(again), "context.prefectps"));
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void A_state_of_ours_is_written_as_Prefect_writes_its_own(string type, string name)
    {
        var row = StateRow.Get(type, name);
        var flow = new TestFlow();
        flow.Add(new("a", TestFlow.Body(_ => null)) { Tags = ["t1"] });
        var run = flow.New().Change((_, _) => OwnStates.Make(row));

        // Ours are made while their task runs; but Pending, which is what a task that never ran is in.
        string[] context = OwnStates.IsMadeInTask(row) && row.Type != StateType.Pending ? [] : ["context.tags", "context.task_run_count"];
        Assert.Equal(StateRow.Text(row.Document, context), StateRow.Text(Write(run), ["context.prefectps", .. context]));
    }

    [Fact]
    public void Every_excluded_instance_still_exists() =>
        Assert.Empty(OwnStates.LeftOut.Except(StateRow.All().Select(row => row.Name)));

    [Theory]
    [MemberData(nameof(Given))]
    public void A_state_is_read_or_rejected_as_by_Prefect(string name, string json)
    {
        Assert.NotNull(name);
        var row = JsonElement.Parse(json);
        var document = row.GetProperty("doc");
        if (row.GetProperty("ok").GetBoolean())
            Assert.Equal(Told(row), Told(Read(document), Told(row).Keys));
        else
            AssertRefused(document, row.GetProperty("error_text").GetString()!);
    }

    [Theory]
    [MemberData(nameof(SeedRun.Budgets), MemberType = typeof(SeedRun))]
    public void Every_document_of_the_reference_run_is_written_for_Prefect_as_it_was(int budget)
    {
        foreach (var iteration in SeedRun.Steps(budget))
        {
            var given = iteration.GetProperty("encoded_after_mock");
            var run = FlowStateReader.Read(SeedFlow.Make().Flow, Encoding.UTF8.GetBytes(given.GetRawText())).Run;
            using var written = JsonDocument.Parse(PrefectWriter.Write(run));
            Assert.Equal(States(given), States(written.RootElement));
        }

        static IEnumerable<string> States(JsonElement pairs) => pairs.EnumerateArray()
            .Select(pair => $"{pair.GetProperty("task").GetProperty("slug")}: {StateRow.Text(pair.GetProperty("state"))}")
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_state_that_wraps_another_runs_from_that_one()
    {
        var flow = new TestFlow().Task("a");
        var document = """[{"task":{"slug":"a"},"state":{"type":"Submitted","state":{"type":"Retrying","run_count":2,"start_time":"2026-11-24T09:00:00+00:00"}}}]""";
        var run = flow.Step(FlowStateReader.Read(flow.Flow, Encoding.UTF8.GetBytes(document)).Run);
        Assert.Equal((StateType.Retrying, 2), (run.Of("a").StateType, run.Of("a").RunCount));
        Assert.Equal(StateType.Scheduled, run.StateType);

        flow.Clock.Advance(TimeSpan.FromHours(1));
        run = flow.Step(run);
        Assert.Equal((StateType.Success, 3), (run.Of("a").StateType, run.Of("a").RunCount));
    }

    private static FlowState Read(JsonElement state)
    {
        var document = Encoding.UTF8.GetBytes($$"""[{"task":{"slug":"a"},"state":{{state.GetRawText()}}}]""");
        var decoded = FlowStateReader.Read(new TestFlow().Task("a").Flow, document);
        Assert.Empty(decoded.Warnings);
        return decoded.Run;
    }

    private static JsonElement Write(FlowState run) => JsonElement.Parse(PrefectWriter.Write(run))[0].GetProperty("state");

    private static void AssertRefused(JsonElement document, string fault)
    {
        var error = Assert.Throws<FlowException>(() => Read(document));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);

        // {'state': {'type': ['Unsupported value: Nope']}}
        var said = FaultPattern().Match(fault);
        var place = said.Success ? string.Concat(PlacePattern().Matches(fault).Select(m => $".{m.Groups[1].Value}")) : string.Empty;
        var reason = said.Groups[1].Value;
        var expected = !said.Success ? "a state was expected"
            : reason.StartsWith("Unsupported value: ", StringComparison.Ordinal) ? $"'{reason["Unsupported value: ".Length..]}' is not a state type"
            : Faults[reason];
        Assert.Matches($"^The state document is not valid: at {Regex.Escape("$[0].state")}({Regex.Escape(place)}|{Regex.Escape(place[..Math.Max(0, place.LastIndexOf('.'))])}) .*({expected})", error.Message);
    }

    // What the reference engine came to, of what a state of ours has.
    private static Dictionary<string, string> Told(JsonElement row)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = row.GetProperty("type").GetString()!,
            ["message"] = row.GetProperty("message").GetString() ?? "None",
            ["location"] = row.GetProperty("location").GetString() ?? "None",
        };
        foreach (var extra in row.GetProperty("extra").EnumerateObject())
        {
            var isNow = extra.Name == "start_time" && !(row.GetProperty("doc").TryGetProperty("start_time", out var given) && given.ValueKind == JsonValueKind.String);
            if (extra.Name is not ("hashed_inputs" or "cached_parameters" or "map_states") && !isNow)
                told[extra.Name] = Normalise(extra.Value.GetString()!);
        }

        return told;
    }

    private static Dictionary<string, string> Told(FlowState run, IEnumerable<string> keys) =>
        keys.ToDictionary(key => key, key => Tell(run.Of("a").Inner, key), StringComparer.Ordinal);

    private static string Tell(State state, string key) => key switch
    {
        "type" => state.Type.Name(),
        "message" => state.Message ?? "None",
        "location" => state.Prefect?.ResultType == StateWriter.ValueInLocation ? Convert.ToString(state.Result?.Value, CultureInfo.InvariantCulture)! : state.Result?.Location
            ?? "None",
        "start_time" => Show(state.DueTime),
        "run_count" => state.RunCount.ToString(CultureInfo.InvariantCulture),
        "loop_count" => state.LoopCount.ToString(CultureInfo.InvariantCulture),
        "cached_result_expiration" => Show(state.Prefect?.CachedExpiration),
        "_n_map_states" => "None",
        "_state" => state.Prefect?.Wrapped is { } wrapped ? $"<{wrapped.Type}{(wrapped.Message is null ? "" : $": \"{wrapped.Message}\"")}>" : "None",
        _ => $"no such thing: {key}",
    };

    private static string Show(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "None";

    // DateTime(2024, 1, 2, 3, 4, 5, tzinfo=Timezone('+00:00'))
    private static string Normalise(string text)
    {
        var time = TimePattern().Match(text);
        int[] parts = [.. time.Groups[1].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))];
        return !time.Success ? text
            : Show(new DateTimeOffset(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], TimeSpan.Zero).AddMicroseconds(parts.ElementAtOrDefault(6)));
    }

    [GeneratedRegex(@"\['(.*)'\]")]
    private static partial Regex FaultPattern();

    [GeneratedRegex(@"'(\w+)': [\[{]")]
    private static partial Regex PlacePattern();

    [GeneratedRegex(@"^(?:datetime\.datetime|DateTime)\((?:(\d+), )+tzinfo=")]
    private static partial Regex TimePattern();
}
