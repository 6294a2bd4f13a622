using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

/// <summary>Locks whose files are deleted on release.</summary>
public sealed class PathLocksTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"locks-{Guid.NewGuid():n}");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_lock_whose_file_is_deleted_is_held_by_one_at_a_time()
    {
        const int Threads = 8, Rounds = 400;
        var (inside, taken) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                using (await new PathLocks(_folder, PathLocks.UsualPatience).TakeAsync("a/b", Stop))
                {
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    taken++;
                    Interlocked.Decrement(ref inside);
                }
            }
        }, Stop)));
        Assert.Equal(Threads * Rounds, taken);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Each_path_has_a_lock_of_its_own()
    {
        var locks = new PathLocks(_folder, TimeSpan.Zero);
        var held = new List<IDisposable>();
        for (var i = 0; i < 100; i++)
            held.Add(await locks.TakeAsync($"a/{i}", Stop));
        Assert.Equal(100, Directory.GetFiles(_folder).Length);
        held.ForEach(each => each.Dispose());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("A/B")] // the same file in case-insensitive file systems
    [InlineData(@"a\b")]
    public async Task One_that_is_held_is_waited_for_and_then_told(string path)
    {
        using var held = await new PathLocks(_folder, TimeSpan.Zero).TakeAsync("a/b", Stop);
        var locks = new PathLocks(_folder, TimeSpan.FromMilliseconds(300));
        var error = await Assert.ThrowsAsync<IOException>(async () => await locks.TakeAsync(path, Stop));
        Assert.True(StoreFault.IsFileInUse(error));
        Assert.Equal(
            $"another process has been writing it for 0.3 seconds. It is suspended or hangs. Resume or end it to release its lock ({locks.FileOf("a/b")})",
            error.Message);
    }

    [Fact]
    public async Task The_lock_file_of_a_dead_process_is_free()
    {
        var locks = new PathLocks(_folder, TimeSpan.Zero);
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(locks.FileOf("x"), "the id of one that is gone", Stop);
        using (await locks.TakeAsync("x", Stop))
            await Assert.ThrowsAsync<IOException>(async () => await locks.TakeAsync("x", Stop));
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
