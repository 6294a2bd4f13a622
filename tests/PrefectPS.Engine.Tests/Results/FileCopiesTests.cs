using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

public sealed class FileCopiesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Copies_with_the_same_name_are_separate_files_and_disposal_deletes_them()
    {
        using var copies = new FileCopies(_root);
        var first = Add(copies, "first");
        var second = Add(copies, "second");
        Assert.Equal(("first", "second"), (File.ReadAllText(first.FullName), File.ReadAllText(second.FullName)));
        Assert.Equal((".csv", "data.csv"), (first.Extension, second.Name));
        copies.Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void Folders_of_killed_processes_are_removed_and_those_of_live_ones_are_kept()
    {
        using var living = new FileCopies(_root);
        var kept = Add(living, "kept");
        var left = Directory.CreateDirectory(Path.Combine(_root, "prefectps-files-left", "1")).Parent!.FullName;
        File.WriteAllText(Path.Combine(left, ".owner"), string.Empty);
        var other = Directory.CreateDirectory(Path.Combine(_root, "someone-elses")).FullName;

        using var next = new FileCopies(_root);
        Add(next, "new");

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(other));
        Assert.Equal("kept", File.ReadAllText(kept.FullName));
    }

    [Fact]
    public void An_incomplete_copy_is_deleted()
    {
        using var copies = new FileCopies(_root);
        Assert.Throws<InvalidOperationException>(() => copies.Add(new BreakingStream(), "data.csv"));
        Assert.Empty(Directory.GetFiles(_root, "data.csv", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_failed_copy_is_an_error_that_names_the_file()
    {
        File.WriteAllText(Path.Combine(_root, "file"), string.Empty);
        using var copies = new FileCopies(Path.Combine(_root, "file"));
        var error = Assert.Throws<FlowException>(() => Add(copies, "x"));
        Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
        Assert.Contains("'data.csv' cannot be copied", error.Message, StringComparison.Ordinal);
    }

    private static FileInfo Add(FileCopies copies, string content) => copies.Add(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), "data.csv");

    private sealed class BreakingStream : MemoryStream
    {
        public override void CopyTo(Stream destination, int bufferSize)
        {
            destination.WriteByte(1);
            throw new InvalidOperationException("broken off");
        }
    }
}
