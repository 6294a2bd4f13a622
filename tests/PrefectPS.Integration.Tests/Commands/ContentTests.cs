namespace PrefectPS.Integration.Tests.Commands;

/// <summary>Get-Content and Set-Content.</summary>
public sealed class ContentTests(CommandSession session) : IClassFixture<CommandSession>
{
    [Theory]
    [InlineData("Get-Content $f", "a|b|c")]
    [InlineData("Get-Content -Path $f -TotalCount 2", "a|b")]
    [InlineData("Get-Content $f -Head 0", "")]
    [InlineData("Get-Content $f -Tail 2", "b|c")]
    [InlineData("gc $f -Last 9", "a|b|c")]
    [InlineData("Get-Content $f -ReadCount 2 | ForEach-Object { $_ -join '+' }", "a+b|c")]
    [InlineData("Get-Content $f -ReadCount 0 | ForEach-Object { $_ -join '+' }", "a+b+c")]
    [InlineData("(Get-Content $f -Raw).Length", "5")]
    [InlineData("Get-Content $f -AsByteStream", "97|10|98|10|99")]
    [InlineData("(Get-Content $f -AsByteStream -Raw).GetType().Name", "Byte[]")]
    [InlineData("[pscustomobject]@{ Path = $f } | Get-Content -Tail 1", "c")]
    public async Task Get_Content_reads_what_it_is_asked_for(string command, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file.txt", "a\nb\nc");

        Assert.Equal(expected, string.Join('|', await session.RunAsync($"$f = '{file}'; {command}")));
    }

    [Theory]
    [InlineData("Get-Content -LiteralPath $f")]
    [InlineData("[pscustomobject]@{ PSPath = $f } | Get-Content")]
    public async Task A_literal_path_has_no_wildcards(string command)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file [1].txt", "literal");

        Assert.Equal(["literal"], await session.RunAsync($"$f = '{file}'; {command}"));
    }

    [Fact]
    public async Task Get_Content_expands_wildcards_and_takes_many_paths()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a1.txt", "one");
        folder.Write("a2.txt", "two");
        folder.Write("b.txt", "three");

        Assert.Equal(["one", "two", "three"], await session.RunAsync($"Get-Content '{folder["a*.txt"]}', '{folder["b.txt"]}'"));
    }

    [Theory]
    [InlineData("-Path", "missing.txt")]
    [InlineData("-LiteralPath", "missing.txt")]
    [InlineData("-LiteralPath", "missing/file.txt")]
    public async Task Get_Content_names_the_file_it_cannot_find_and_goes_on(string parameter, string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("there.txt", "here");

        var lines = await session.RunAsync(
            $"Get-Content {parameter} '{folder[name]}', '{folder["there.txt"]}' -ErrorVariable e; "
            + "$e[0].FullyQualifiedErrorId.Split(',')[0]; $e[0].CategoryInfo.Category");

        Assert.Contains(name, lines[0], StringComparison.Ordinal);
        Assert.Equal(["here", "PathNotFound", "ObjectNotFound"], lines[1..]);
    }

    [Theory]
    [InlineData("-Raw -Tail 1")]
    [InlineData("-Raw -TotalCount 1")]
    [InlineData("-Tail 1 -TotalCount 1")]
    [InlineData("-Encoding klingon")]
    public async Task Get_Content_refuses_what_does_not_go_together(string parameters)
    {
        var lines = await session.RunAsync($"Get-Content x {parameters}");

        Assert.StartsWith("ERROR: ", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_file_system_is_read()
    {
        var lines = await session.RunAsync("Get-Content variable:PSHOME");

        Assert.Contains("only the file system is supported", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf8", new byte[] { 0xC3, 0xA9, 0x0A })]
    [InlineData("utf8BOM", new byte[] { 0xEF, 0xBB, 0xBF, 0xC3, 0xA9, 0x0A })]
    [InlineData("unicode", new byte[] { 0xFF, 0xFE, 0xE9, 0x00, 0x0A, 0x00 })]
    [InlineData("ascii", new byte[] { 0x3F, 0x0A })]
    [InlineData("latin1", new byte[] { 0xE9, 0x0A })]
    [InlineData("28591", new byte[] { 0xE9, 0x0A })]
    public async Task Text_is_written_and_read_in_the_encoding(string encoding, byte[] expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "lines end differently");
        using var folder = new TemporaryFolder();

        var lines = await session.RunAsync(
            $"Set-Content '{folder["f"]}' 'é' -Encoding {encoding}; Get-Content '{folder["f"]}' -Encoding {encoding}");

        Assert.Equal(expected, await File.ReadAllBytesAsync(folder["f"], TestContext.Current.CancellationToken));
        Assert.Equal([encoding is "ascii" ? "?" : "é"], lines);
    }

    [Theory]
    [InlineData("1, 'b', 2.5 | Set-Content $f", "1\nb\n2.5\n")]
    [InlineData("Set-Content -Path $f -Value a, b -NoNewline", "ab")]
    [InlineData("Set-Content $f $null", "")]
    [InlineData("@() | Set-Content $f", "")]
    [InlineData("Set-Content -LiteralPath $f -Value ([byte[]](72, 105)) -AsByteStream", "Hi")]
    [InlineData("Set-Content $f new -WhatIf", "old content\n")]
    [InlineData("(Set-Content $f kept -PassThru) | Where-Object { $_ -ne 'kept' }", "kept\n")]
    public async Task Set_Content_replaces_the_file(string command, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("f.txt", "old content\n");

        var lines = await session.RunAsync($"$f = '{file}'; {command}");

        Assert.DoesNotContain(lines, static line => line.StartsWith("ERROR: ", StringComparison.Ordinal));
        Assert.Equal(expected, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Set_Content_writes_a_read_only_file_only_with_force_and_leaves_it_read_only()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("f.txt", "old");

        var lines = await session.RunAsync(
            $"$f = [IO.FileInfo]::new('{file}'); $f.IsReadOnly = $true; "
            + "Set-Content $f new -Force; $f.Refresh(); $f.IsReadOnly; Get-Content $f");
        new FileInfo(file).IsReadOnly = false;

        Assert.Equal(["True", "new"], lines);
    }

    [Fact]
    public async Task Set_Content_says_which_folder_is_not_there()
    {
        using var folder = new TemporaryFolder();

        var lines = await session.RunAsync($"Set-Content '{folder["no/such/file"]}' x; 'after'");

        Assert.Contains("no/such/file", lines[0], StringComparison.Ordinal);
        Assert.Equal(["after"], lines[1..]);
    }

    [Fact]
    public async Task Set_Content_takes_only_bytes_as_bytes()
    {
        using var folder = new TemporaryFolder();

        var lines = await session.RunAsync($"Set-Content '{folder["f"]}' text -AsByteStream");

        Assert.Contains("'text' is a String", Assert.Single(lines), StringComparison.Ordinal);
    }
}
