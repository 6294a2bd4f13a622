using System.Text;
using PrefectPS.Diagrams;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>
/// Each kind of object on record, with each kind of damage, for each reader: what it says is right, or one error that names the object and the way out.
/// Other runs and flows go on, and nothing that is done is done again.
/// </summary>
public class DamageTableTests
{
    private static readonly string[] Foreign = [".DS_Store", "desktop.ini", "Thumbs.db", "run.json~", "#run.json#", ".run.json.swp", "run (copy).txt"];

    private readonly ClockedStore _store;
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = new(TestFlow.Start);

    public DamageTableTests() => _store = new(RecordedFlowExtensions.NewStore(), _clock);

    // Reopened is a finished run that was made to go on; reopening is one where who did so died before the index had it in full.
    public static TheoryData<string, string, string> Cells { get; } = new(
        from course in new[] { "unfinished", "finished", "reopened", "reopening" }
        from damage in new[] { "empty", "garbled", "cut", "other", "gone", "newer" }
        from kind in new[] { "head", "lease", "summary", "older summary", "checkpoint", "segment", "first record", "last record" }
        where kind != "older summary" || course.StartsWith("reopen", StringComparison.Ordinal)
        select (course, kind, damage));

    [Theory]
    [MemberData(nameof(Cells))]
    public void Damage_is_reported_with_the_object_and_a_remedy(string course, string kind, string damage)
    {
        Prepare(course);
        var expected = Readers().Select(reader => reader.Read()).ToArray();
        var path = PathOf(kind, course);
        Damage(path, damage);

        var faults = Readers().Select(reader => (reader.Name, Fault: Judge(reader, expected[reader.Number], path)))
            .Where(each => each.Fault is not null && !(damage == "gone" && IsNotKnown(kind, course, each.Name)));
        Assert.True(!faults.Any(), $"{path}\n" + string.Join('\n', faults));

        Assert.Equal(StateType.Success, Make("flow").Recorded().Step("other").StateType);
        Assert.Equal(StateType.Success, Make("else").Recorded().Step("run").StateType);
        RunRemoval.Remove(RunRemoval.Find(_store, new("flow", "run"))!, new() { Clock = _clock });
        new StoreCleanup(_store, TimeSpan.Zero, _clock).Clean(_ => true, run => run, fault => throw fault);
        Assert.Null(RunRemoval.Find(_store, new("flow", "run")));
        Assert.Equal(["else", "flow"], _store.AllRuns().Select(run => run.Flow).Order());
        Assert.Equal(1, Make("flow").Recorded().Step("run").Step);
    }

    // What is gone without a trace is as if it had never been, by the protocol: a run is there if its head is; a step whose last record is gone died before it;
    // who lists runs looks in the index alone, and one that is made to go on is there as it is to be.
    private static bool IsNotKnown(string kind, string course, string reader) =>
        (kind == "last record" && course == "unfinished")
        || (kind == "older summary" && course == "reopening" && reader == "Get-FlowRun")
        || (kind == "summary" && reader is "Get-FlowRun" or "Invoke-FlowStep -Resume");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_without_an_index_entry_is_kept_and_its_next_step_restores_it(bool isFinished)
    {
        Prepare(isFinished ? "finished" : "unfinished");
        var folder = _store.Incarnation();
        Damage(PathOf("summary", isFinished ? "finished" : "unfinished"), "gone");
        _clock.Advance(TimeSpan.FromDays(9));
        var faults = new List<FlowException>();
        new StoreCleanup(_store, TimeSpan.Zero, _clock).Clean(_ => true, run => run, faults.Add);
        Assert.Contains($"'{folder.Run.Open}'", Assert.Single(faults).Message, StringComparison.Ordinal);

        var flow = Make("flow");
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(isFinished ? [] : ["d"], flow.Ran);
        Assert.Equal((StateType.Success, 4), _store.AllRuns().Where(run => run is { Flow: "flow", RunId: "run" }).Select(run => (run.StateType, run.FinishedCount)).Single());
    }

    // A segment of what the checkpoint includes is read by a step that merges it, and not before.
    public static TheoryData<string, string> Newest { get; } = new(
        from damage in new[] { "empty", "garbled", "cut", "other", "gone", "newer" }
        from kind in new[] { "head", "lease", "summary", "checkpoint", "first record", "last record" }
        select (kind, damage));

    [Theory]
    [MemberData(nameof(Newest))]
    public void Resume_continues_another_run_if_the_newest_is_damaged_and_says_so(string kind, string damage)
    {
        Prepare("reopened");
        var path = PathOf(kind, "reopened");
        Damage(path, damage);
        var flow = Make("flow");

        var outcome = StepTaker.Take(new(new NewestRun(flow.Flow, RunParameters.None)), CancellationToken.None);

        Assert.Equal(StateType.Success, outcome.Run.StateType);
        if (outcome.Run.RunId == "run" || (kind, damage) == ("summary", "gone"))
            Assert.Empty(outcome.Warnings);
        else
            Assert.Contains((kind, damage) == ("head", "newer") ? "Update the module" : path, Assert.Single(outcome.Warnings), StringComparison.Ordinal);
        Assert.Equal(outcome.Run.RunId == "run" ? ["d"] : ["b", "c", "d"], flow.Ran);
    }

    [Theory]
    [InlineData("unfinished")]
    [InlineData("finished")]
    [InlineData("reopened")]
    [InlineData("reopening")]
    public void A_run_that_lost_its_head_is_not_cleaned_up(string course)
    {
        Prepare(course);
        var folder = _store.Incarnation().Run;
        Damage(folder.Head, "gone");
        _clock.Advance(TimeSpan.FromDays(9));
        var before = Paths();
        new StoreCleanup(_store, TimeSpan.Zero, _clock).Clean(_ => true, run => run, fault => throw fault);
        Assert.Equal(before, Paths());
    }

    [Theory]
    [InlineData("unfinished")]
    [InlineData("finished")]
    [InlineData("reopened")]
    [InlineData("reopening")]
    public void Foreign_files_are_ignored(string course)
    {
        Prepare(course);
        var expected = Readers().Select(reader => reader.Read()).ToArray();
        foreach (var folder in Paths().SelectMany(FoldersOf).Distinct().ToArray())
        {
            foreach (var name in Foreign)
                _store.WriteAll(folder + name, name.Length % 2 == 0 ? [] : [0, 1, 120], CancellationToken.None);
        }

        Assert.Equal(expected, Readers().Select(reader => reader.Read()));
        Assert.Equal(StateType.Success, Make("flow").Recorded().Resume().StateType);
        RunRemoval.Remove(RunRemoval.Find(_store, new("flow", "run"))!, new() { Clock = _clock });
        Assert.Null(RunRemoval.Find(_store, new("flow", "run")));

        static IEnumerable<string> FoldersOf(string path) => path.Select((c, index) => (c, index)).Where(each => each.c == '/').Select(each => path[..(each.index + 1)]);
    }

    // Null where the reader does right.
    private string? Judge(Reader reader, string expected, string path)
    {
        try
        {
            var found = reader.Read();
            return found == expected ? null : $"told {found}, not {expected}";
        }
        catch (FlowException e)
        {
            return !e.Message.Contains(path, StringComparison.Ordinal) && e.Id != FlowErrorId.RecordVersion ? $"does not name it: {e.Id} {e.Message}"
                : !e.Message.Contains("Remove-FlowRun", StringComparison.Ordinal) && !e.Message.Contains("elete", StringComparison.Ordinal) && e.Id != FlowErrorId.RecordVersion
                    ? $"does not say the way out: {e.Id} {e.Message}"
                : null;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    private Reader[] Readers()
    {
        var readers = new (string Name, Func<string> Read)[]
        {
            ("Get-FlowRun", () =>
            {
                var faults = new List<FlowException>();
                var runs = new RunIndex(new(_store)).AllRuns("flow", faults.Add);
                Assert.Contains(runs, run => run.RunId == "other");
                Assert.InRange(faults.Count, 0, 1);
                return faults.Count > 0 ? throw faults[0] : runs.SingleOrDefault(run => run.RunId == "run") is { } run ? $"{run.State} {run.Step} {run.FinishedCount}" : "nothing";
            }),
            ("Get-FlowRun of a flow", () => Show(RecordedRuns.Read(Make("flow").Flow, "run"))),
            ("Get-FlowResult", () => Show(OutlinedRun.Read(_store, "flow", "run", Make("flow").Flow.Services))),
            ("Get-FlowHistory", () => string.Join(' ', (RunHistory.Find(_store, "flow", "run")?.Changes ?? []).Select(change => $"{change.Step}:{change.Task}:{change.To}"))),
            ("Invoke-FlowStep -Resume", () => Step(flow => flow.Recorded().Resume(), withoutOther: true)),
            ("Invoke-FlowStep -RunId", () => Step(flow => flow.Recorded(maxTasks: 5).Step("run"))),
        };
        return [.. readers.Select((each, number) => new Reader(number, each.Name, each.Read))];
    }

    // A step of a copy of the store, so that readers see the same.
    private string Step(Func<TestFlow, FlowState> take, bool withoutOther = false)
    {
        var copy = new ClockedStore(RecordedFlowExtensions.NewStore(), _clock);
        foreach (var path in Paths().Where(path => !withoutOther || !path.Contains("other", StringComparison.Ordinal)))
            copy.WriteAll(path, _store.ReadAll(path, CancellationToken.None)!, CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var flow = Make("flow", copy);
        var run = take(flow);
        return $"{string.Join(' ', flow.Ran)} {Show(run)}";
    }

    private static string Show(FlowState? run) =>
        run is null ? "nothing" : $"{run.Step} {string.Join(' ', run.Tasks.Select(task => $"{task.Slug}:{task.State}:{task.Result}"))}";

    private void Prepare(string course)
    {
        Make("flow").Recorded(maxTasks: 1).Step("other");
        Make("else").Recorded(maxTasks: 1).Step("run");
        Make("flow").Recorded(maxTasks: 1, FlowDurability.Task).Step("run");
        Make("flow").Recorded(maxTasks: 1, FlowDurability.Task).Step("run");
        if (course == "unfinished")
            Kill(skip: 0, flow => flow.Recorded(maxTasks: 1, durability: FlowDurability.Task).Step("run"));
        else
            Make("flow").Recorded(durability: FlowDurability.Task).Step("run");
        if (course == "reopened")
            AgainD(Make("flow"));
        if (course == "reopening")
            Kill(skip: 1, AgainD);

        _store.WriteAll("runs/flow/run/lease.json", [.. """{"holder":"gone","host":"x","pid":1,"started":"x","seconds":60,"renewals":1}"""u8], CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(5));
    }

    private static void AgainD(TestFlow flow) => flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "d"));

    // The process dies before a write of the run's entry among the unfinished ones.
    private void Kill(int skip, Action<TestFlow> act)
    {
        var store = new InterruptedStore(_store, "/open/", () => throw new ProcessKilledException(), skip);
        Assert.Throws<ProcessKilledException>(() => act(Make("flow", store)));
    }

    private string PathOf(string kind, string course)
    {
        var folder = _store.Incarnation();
        return kind switch
        {
            "head" => folder.Run.Head,
            "lease" => folder.Run.Lease,
            "summary" => course == "finished" ? folder.Done : folder.Run.Open,
            "older summary" => folder.Done,
            "checkpoint" => Paths().Last(path => path.Contains($"/{folder.Incarnation}/checkpoints/", StringComparison.Ordinal)),
            "segment" => Paths().Last(path => path.Contains($"/{folder.Incarnation}/segments/", StringComparison.Ordinal)),
            "first record" => Paths().First(path => path.StartsWith(folder.Journal, StringComparison.Ordinal)),
            _ => Paths().Last(path => path.StartsWith(folder.Journal, StringComparison.Ordinal)),
        };
    }

    private void Damage(string path, string damage)
    {
        var content = _store.ReadAll(path, CancellationToken.None)!;
        if (damage == "gone")
            _store.DeleteAsync(path, null, CancellationToken.None).Wait();
        else
        {
            _store.WriteAll(
                path,
                damage switch
                {
                    "empty" => [],
                    "garbled" => [.. "\0\u0001\u00ff no JSON"u8],
                    "cut" => content[..(content.Length / 2)],
                    "other" => [.. "{}"u8],
                    _ => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content)
                        .Replace("\"record\":2,\"incarnation\"", "\"record\":3,\"incarnation\"", StringComparison.Ordinal)
                        .Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)),
                },
                CancellationToken.None);
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
    }

    private string[] Paths() => [.. _store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path)];

    private TestFlow Make(string name, IFlowStore? store = null) => new TestFlow(name, new() { Store = store ?? _store }, _clock, journal: new() { MaxTail = 2, KeptOpenings = 2 })
        .Task("a", _ => "A").Task("b", _ => "B", "a").Task("c", _ => "C", "b").Task("d", _ => "D", "c");

    private sealed record Reader(int Number, string Name, Func<string> Read);
}
