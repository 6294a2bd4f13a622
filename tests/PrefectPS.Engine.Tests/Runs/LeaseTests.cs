using System.Text;
using Microsoft.Extensions.Time.Testing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>When a lease whose holder cannot be asked for is free.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly string Path = new RunFolder("flow", "run").Lease;

    private readonly string _folder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"leases-{Guid.NewGuid():n}");
    private readonly FakeTimeProvider _storeClock = new(TestFlow.Start);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public void A_lease_dated_in_the_future_expires_after_its_duration(string kind)
    {
        var store = Open(kind);
        Put(store, TimeSpan.FromSeconds(60));
        store.Date(Path, TestFlow.Start + TimeSpan.FromDays(3650)); // by a clock that was ahead
        AssertHeld(store);
        _storeClock.Advance(TimeSpan.FromSeconds(61));
        AssertHeld(store);
        _storeClock.Advance(TimeSpan.FromMilliseconds(1));
        AssertFree(store);
    }

    [Fact]
    public void A_lease_one_second_ahead_is_not_rewritten()
    {
        var store = Open("memory");
        Put(store, TimeSpan.FromSeconds(60));
        store.Date(Path, TestFlow.Start + TimeSpan.FromSeconds(1));
        AssertHeld(store);
        _storeClock.Advance(TimeSpan.FromSeconds(62));
        AssertHeld(store);
        _storeClock.Advance(TimeSpan.FromMilliseconds(1));
        AssertFree(store);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public void A_live_holder_keeps_and_releases_a_lease_dated_in_the_future(string kind)
    {
        var store = Open(kind);
        TestFlow first = null!;
        first = new TestFlow(options: new() { Store = store }).Task("a", _ =>
        {
            store.Date(Path, TestFlow.Start + TimeSpan.FromDays(1));
            AssertHeld(store);
            for (var i = 0; i < 30; i++)
            {
                _storeClock.Advance(TimeSpan.FromSeconds(10));
                first.Clock.Advance(TimeSpan.FromSeconds(10));
                AssertHeld(store);
            }

            store.Date(Path, TestFlow.Start + TimeSpan.FromDays(1));
            AssertHeld(store);
            return null;
        });
        Assert.Equal(StateType.Success, first.Recorded().Step("run").StateType);
        Assert.Null(new RunFiles(store).Read(Path));
    }

    [Theory]
    [InlineData(601)]
    [InlineData(86_400 * 365)]
    [InlineData(int.MaxValue)]
    public void An_absurd_duration_is_capped(int seconds)
    {
        var store = Open("memory");
        Put(store, TimeSpan.FromSeconds(seconds));
        _storeClock.Advance(TimeSpan.FromSeconds(601));
        AssertHeld(store);
        _storeClock.Advance(TimeSpan.FromMilliseconds(1));
        AssertFree(store);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("\0\0\0\0")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"holder":"someone"}""")]
    [InlineData("""{"holder":"someone","host":"elsewhere","process":7}""")]
    [InlineData("""{"host":"elsewhere","process":7,"seconds":1}""")]
    [InlineData("""{"holder":"someone","process":7,"seconds":1}""")]
    [InlineData("""{"holder":"someone","host":"elsewhere","seconds":1}""")]
    public void An_unreadable_lease_expires_by_its_age(string content)
    {
        var store = Open("memory");
        new RunFiles(store).Write(Path, Encoding.UTF8.GetBytes(content));
        _storeClock.Advance(TimeSpan.FromSeconds(61));
        AssertHeld(store);
        _storeClock.Advance(TimeSpan.FromMilliseconds(1));
        AssertFree(store);
    }

    [Fact]
    public void Lease_times_are_configurable()
    {
        var store = Open("memory");
        TestFlow first = null!;
        first = new TestFlow(options: new() { Store = store }, lease: new() { Duration = TimeSpan.FromSeconds(3), RenewalInterval = TimeSpan.FromSeconds(1) }).Task("a", _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                _storeClock.Advance(TimeSpan.FromSeconds(1));
                first.Clock.Advance(TimeSpan.FromSeconds(1));
                AssertHeld(store);
            }

            _storeClock.Advance(TimeSpan.FromSeconds(4));
            AssertHeld(store);
            _storeClock.Advance(TimeSpan.FromMilliseconds(1));
            AssertFree(store);
            return null;
        });
        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => first.Recorded().Step("run")).Id);
    }

    [Fact]
    public void Each_renewal_writes_new_content()
    {
        var store = Open("memory");
        var contents = new List<string>();
        TestFlow flow = null!;
        flow = new TestFlow(options: new() { Store = store }).Task("a", _ =>
        {
            for (var i = 0; i < 4; i++)
            {
                contents.Add(Encoding.UTF8.GetString(new RunFiles(store).Read(Path)!.Value.Content));
                flow.Clock.Advance(TimeSpan.FromSeconds(10));
            }

            return null;
        });

        flow.Recorded().Step("run");

        Assert.Equal(4, contents.Distinct(StringComparer.Ordinal).Count()); // else a renewal would take another one's content for its own
    }

    private static void Put(IFlowStore store, TimeSpan duration) =>
        new RunFiles(store).Write(Path, new LeaseContent("someone", ProcessIdentity.Current with { Host = "elsewhere" }, duration, Renewals: 0).ToBytes());

    private static void AssertHeld(IFlowStore store) =>
        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => Other(store).Recorded().Step("run")).Id);

    private static void AssertFree(IFlowStore store) => Assert.Equal(StateType.Success, Other(store).Recorded().Step("run").StateType);

    private static TestFlow Other(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a", _ => null);

    private ClockedStore Open(string kind) =>
        new(kind == "folder" ? new FolderStore(_folder) : RecordedFlowExtensions.NewStore(), _storeClock);
}
