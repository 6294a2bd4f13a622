using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_concurrent_creators_of_a_file_exactly_one_succeeds()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = Path.Combine(_folder, $"{round}");
            var created = new string?[8];
            Parallel.For(0, created.Length, i => created[i] = AtomicFile.TryCreate(Write($"{round}-{i}"), name) ? $"{round}-{i}" : null);
            Assert.Equal(Assert.Single(created, each => each is not null), File.ReadAllText(name));
        }
    }

    [Fact]
    public void An_existing_file_and_the_source_stay_unchanged()
    {
        var (old, other) = (Write("old"), Write("other"));
        Assert.False(AtomicFile.TryCreate(other, old));
        Assert.Equal(("old", "other"), (File.ReadAllText(old), File.ReadAllText(other)));
    }

    [Fact]
    public void Errors_are_those_of_DotNet()
    {
        var error = Assert.Throws<IOException>(() => AtomicFile.TryCreate(Write("x"), Path.Combine(_folder, "none", "y")));
        Assert.Contains(Path.Combine(_folder, "none", "y"), error.Message, StringComparison.Ordinal);
    }

    // The way of file systems that cannot rename on a condition.
    [Fact]
    public void A_link_is_created_only_if_the_name_is_free()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows renames on a condition everywhere");
        var (old, other) = (Write("old"), Write("other"));
        Assert.Equal(Posix.Exists, Posix.Link(other, old));
        Assert.Equal(0, Posix.Link(other, Path.Combine(_folder, "nöw")));
        Assert.Equal(("old", "other"), (File.ReadAllText(old), File.ReadAllText(Path.Combine(_folder, "nöw"))));
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder, text);
        File.WriteAllText(file, text);
        return file;
    }
}
