using System.Globalization;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Flows;

/// <summary>A local date names one path, wherever the steps of a run are taken: the path that it has where the run began.</summary>
public class TargetZoneTests
{
    private const string East = "Pacific/Kiritimati"; // 14 hours before UTC
    private const string West = "Pacific/Pago_Pago"; // 11 hours after it

    private static readonly DateTime Noon = new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc).ToLocalTime();

    private static readonly KeyValuePair<string, object?>[] OtherDates =
    [
        new("utc", new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc)), new("bare", new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Unspecified)),
        new("offset", new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.FromHours(5))), new("day", new DateOnly(2026, 11, 29)),
    ];

    public static TheoryData<DocumentForm, string, string> Forms => [.. from form in new[] { DocumentForm.Json, DocumentForm.Compact }
        from zone in new[] { (East, "2026-11-30-02+14"), (West, "2026-11-29-01-11") }
        select (form, zone.Item1, zone.Item2)];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Parameters_inputs_and_subflow_arguments_give_the_same_path_in_each_step(DocumentForm form, string zone, string expected)
    {
        var whole = Make(In(zone)).RunAll();
        var run = Make(In(zone)).Step(Make(In(zone)).New(), maxTasks: 1, reset: true);
        for (var step = 0; run.HasPending; step++)
        {
            var next = Make(In(step % 2 == 0 ? West : East));
            run = next.Step(form.Travel(next, run), maxTasks: 1, reset: true);
        }

        Assert.Equal([$"{expected}/a", $"{expected}/b", $"{expected}/blocks/c", $"{expected}/sub"], Places(whole));
        Assert.Equal(Places(whole), Places(run));
        using var inside = await Store().ReadAsync($"{expected}/inside", TestContext.Current.CancellationToken);
        Assert.NotNull(inside);
    }

    [Fact]
    public void Non_local_dates_are_written_unchanged()
    {
        foreach (var date in OtherDates)
        {
            var flow = new TestFlow(options: new() { Store = Store() }, clock: In(East))
                .Add(new("a", TestFlow.Body(_ => 1)) { Arguments = [new("x", date.Value)], Target = "{x:yyyy-MM-dd}/" + date.Key });
            Assert.Equal($"2026-11-29/{date.Key}", flow.RunAll().Of("a").ResultLocation);
        }
    }

    [Fact]
    public void An_unknown_zone_fails_the_task_and_is_named()
    {
        var flow = Make(In(East));
        var run = flow.Step(FlowState.New(flow.Flow, flow.New().Identity with { Zone = "Sea/Nowhere" }));
        Assert.Equal((StateType.Failed, FlowErrorId.TargetInvalid), (run.Of("a").StateType, run.Of("a").Error!.Id));
        Assert.Contains("the time zone 'Sea/Nowhere', which this machine does not know", run.Of("a").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(330, "+05:30")]
    [InlineData(-60, "-01:00")]
    public void An_unnamed_zone_is_identified_by_its_offset(int minutes, string name)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestFlow.Start);
        clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("Our/Own", TimeSpan.FromMinutes(minutes), null, null));
        var run = Make(clock).New();
        Assert.Equal(name, run.Identity.Zone);
        var expected = new DateTimeOffset(Noon).ToOffset(TimeSpan.FromMinutes(minutes)).ToString("yyyy-MM-dd-HHzz", CultureInfo.InvariantCulture);
        Assert.Equal($"{expected}/a", Make(clock).RunAll(run).Of("a").ResultLocation);
    }

    [Fact]
    public void The_zone_is_recorded_only_if_a_target_uses_values()
    {
        var plain = new TestFlow(options: new() { Store = Store(), Target = "{date}/{task_name}" }, clock: In(East)).Task("a");
        Assert.Null(plain.New().Identity.Zone);
        Assert.Equal(East, Make(In(East)).New().Identity.Zone);
        Assert.Equal(East, new TestFlow(clock: In(East)).Add(new("sub", Body: null) { Subflow = Make(In(West)).Flow }).New().Identity.Zone);
    }

    [Fact]
    public void A_document_without_a_zone_takes_that_of_its_reader()
    {
        var flow = Make(In(East));
        var run = flow.New();
        var old = run.With(run.Identity with { Zone = null }, run.States);
        Assert.Equal(West, DocumentForm.Json.Travel(Make(In(West)), old).Identity.Zone);
        Assert.Equal(East, DocumentForm.Json.Travel(Make(In(West)), run).Identity.Zone);
    }

    private static TestFlow Make(Microsoft.Extensions.Time.Testing.FakeTimeProvider clock)
    {
        const string target = "{Day:yyyy-MM-dd-HHzz}/";
        var options = new FlowOptions
        {
            Store = Store(),
            Target = target + "{task_name}",
            Parameters = new ParameterDefaults([new("Day", Noon)]),
        };
        var inner = new TestFlow("inner", options, clock).Task("inside", _ => 1);
        return new TestFlow("flow", options, clock)
            .Task("a", _ => Noon)
            .Add(new("b", TestFlow.Body(_ => 2)) { InputFrom = [new("x", "a")], Target = "{x:yyyy-MM-dd-HHzz}/{task_name}" })
            .Add(new("c", TestFlow.Body(_ => 3)) { InputFrom = [new("x", "a")], TargetFunction = new DayFolder() })
            .Add(new("sub", Body: null) { Subflow = inner.Flow, InputFrom = [new("Day", "a")] });
    }

    private static Microsoft.Extensions.Time.Testing.FakeTimeProvider In(string zone)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestFlow.Start);
        clock.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone));
        return clock;
    }

    private static MemoryStore Store() => MemoryStore.Named(nameof(TargetZoneTests));

    private static IEnumerable<string?> Places(FlowState run) => run.Tasks.Select(task => task.ResultLocation);

    private sealed class DayFolder : ITargetFunction
    {
        public string Source => "day";

        public IReadOnlyList<string> Parameters { get; } = ["x", "Day"];

        public bool ReadsMapIndex => false;

        public string GetPath(FlowContext context, IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            Assert.Equal(values[0].Value, values[1].Value);
            var day = Assert.IsType<DateTime>(values[0].Value);
            var offset = new DateTimeOffset(day, TimeSpan.Zero) - new DateTimeOffset(Noon);
            return string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd-HH}{offset.Hours:+00;-00}/blocks/c");
        }
    }
}
