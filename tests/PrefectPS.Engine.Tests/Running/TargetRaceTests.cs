using System.Text;
using PrefectPS.Caching;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Targets and cache entries that others write while a task runs.</summary>
public sealed class TargetRaceTests : IDisposable
{
    private const string Target = "a.json";

    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
    private readonly MemoryStore _store = MemoryStore.Named(Guid.NewGuid().ToString());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_task_whose_target_was_written_meanwhile_is_Cached_with_the_existing_result()
    {
        var run = Racing("theirs").RunAll();
        var state = run.States[0];
        Assert.Equal((StateType.Cached, StateMessages.TargetTaken(Target)), (state.Type, state.Message));
        Assert.Equal("theirs", state.ReadResult());
        Assert.Equal("theirs", run.States[1].ReadResult());
        Assert.Equal("\"theirs\"", Content(Target));
        Assert.NotNull(state.Ended);
    }

    [Fact]
    public void A_target_with_the_identical_content_is_the_tasks_own()
    {
        var state = Racing("ours").RunAll().States[0];
        Assert.Equal((StateType.Success, "ours"), (state.Type, state.ReadResult()));
    }

    [Fact]
    public void A_forced_task_overwrites_a_target_written_meanwhile()
    {
        var flow = Racing("theirs");
        var run = flow.RunAll(flow.New().Change((_, state) => state.ForcingRerun()));
        Assert.Equal((StateType.Success, "ours"), (run.States[0].Type, run.States[0].ReadResult()));
        Assert.Equal("\"ours\"", Content(Target));
    }

    [Fact]
    public void A_target_that_was_not_searched_because_an_input_failed_is_overwritten()
    {
        Write(Target, "\"old\"");
        var run = Flow()
            .Task("input", _ => throw new InvalidOperationException("no"))
            .Add(new("a", TestFlow.Body(_ => "ours")) { InputFrom = [new("x", "input")], Target = "a{x}.json", Trigger = Trigger.Find("all_finished")! })
            .RunAll();
        Assert.Equal((StateType.Success, "ours"), (run.States[1].Type, run.States[1].ReadResult()));
        Assert.Equal("\"ours\"", Content(Target));
    }

    [Fact]
    public void Concurrent_children_with_the_same_target_share_the_first_result()
    {
        using var both = new Barrier(2);
        var value = 0;
        var flow = Flow()
            .Task("list", _ => new object[] { "x", "x" })
            .Add(new("a", TestFlow.Body(_ =>
            {
                both.SignalAndWait(TestContext.Current.CancellationToken);
                return Interlocked.Increment(ref value);
            }))
            { Map = [new("x", "list")], Target = "{x}.json" });
        var options = new StepOptions { Budget = new() { Throttle = new Throttle(2) }, Pool = new ThreadPoolBodies() };
        var run = StepRunner.Run(flow.New(), options, cancellationToken: TestContext.Current.CancellationToken);
        var children = run.States[1].Children!;
        Assert.Single(children, child => child.Type == StateType.Success);
        Assert.Single(children, child => child.Type == StateType.Cached);
        Assert.Equal(children[0].ReadResult(), children[1].ReadResult());
    }

    [Fact]
    public void Files_of_a_result_do_not_affect_those_of_another()
    {
        var mine = WriteFile("mine", "data.csv");
        Write("a.files/data.csv", "theirs");
        var run = Flow().Add(new("a", TestFlow.Body(_ => new FileInfo(mine))) { Target = Target }).RunAll();
        Assert.Equal("theirs", Content("a.files/data.csv"));
        Assert.Contains("/data.csv", Content(Target), StringComparison.Ordinal);
        var copy = Assert.IsType<FileInfo>(run.Flow.Results!.Read(Target, null));
        Assert.Equal(("data.csv", "mine"), (copy.Name, File.ReadAllText(copy.FullName)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cache_entry_written_meanwhile_stays(bool isUsed)
    {
        string? entry = null;
        var flow = Flow();
        flow.Add(new("a", TestFlow.Body(_ =>
        {
            if (entry is not null)
                Write(entry, "theirs");
            return "ours";
        }))
        { Cache = new CachePolicy(TimeSpan.FromHours(1)) { IsUsed = isUsed } });
        Assert.Equal(StateType.Cached, flow.RunAll().States[0].Type);
        entry = Paths().Single(path => path.EndsWith("/entry.json", StringComparison.Ordinal));
        flow.Clock.Advance(TimeSpan.FromHours(2));

        var again = flow.RunAll().States[0];
        Assert.Equal((StateType.Cached, "ours"), (again.Type, again.ReadResult()));
        Assert.Equal(isUsed, Content(entry) == "theirs"); // one that was not looked at before the body counts as it is after it
    }

    private TestFlow Racing(string other) => Flow()
        .Add(new("a", TestFlow.Body(_ =>
        {
            Write(Target, $"\"{other}\"");
            return "ours";
        }))
        { Target = Target })
        .Add(new("b", TestFlow.Body(inputs => inputs[0].Value)) { InputFrom = [new("x", "a")] });

    private TestFlow Flow() => new(options: new() { Store = _store });

    private void Write(string path, string text) => _store.WriteAll(path, Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    private string Content(string path) => Encoding.UTF8.GetString(_store.ReadAll(path, TestContext.Current.CancellationToken)!);

    private string[] Paths() => [.. _store.ListAsync(string.Empty, TestContext.Current.CancellationToken).Wait().Select(entry => entry.Path)];

    private string WriteFile(string text, string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
