using System.Text;

namespace PrefectPS.Integration.Tests.Host;

public sealed class OutputTests
{
    [Fact]
    public async Task Output_comes_as_it_is_written()
    {
        await using var host = HostProcess.Start(["-Command", "'first'; [Console]::OpenStandardInput().ReadByte(); 'second'"]);

        Assert.Equal("first", await host.ReadLineAsync());
        await host.WriteAsync("A");

        Assert.Equal(["65", "second"], (await host.EndAsync()).Lines);
    }

    [Fact]
    public async Task Much_output_is_complete_and_in_order()
    {
        var result = await HostProcess.RunCommandAsync("foreach ($i in 1..200000) { $i }");

        Assert.Equal(string.Concat(Enumerable.Range(1, 200_000).Select(number => $"{number}\n")), result.Output);
    }

    [Fact]
    public async Task A_long_string_stays_on_one_line()
    {
        var result = await HostProcess.RunCommandAsync("'x' * 100000");

        Assert.Equal(new string('x', 100_000) + "\n", result.Output);
    }

    [Fact]
    public async Task Output_is_UTF_8_without_a_byte_order_mark()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses sh");

        await using var shell = HostProcess.StartProgram(
            "sh", ["-c", "dotnet \"$0\" -c \"'zażółć 😀'\" > \"$1\"", HostProcess.HostPath, folder["out"]], [("LC_ALL", "C")]);
        await shell.EndAsync();

        var written = await File.ReadAllBytesAsync(folder["out"], TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetBytes("zażółć 😀\n"), written);
    }

    [Fact]
    public async Task A_file_shared_with_native_programs_keeps_the_order()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses sh");

        await using var shell = HostProcess.StartProgram(
            "sh", ["-c", "dotnet \"$0\" -c '1; /bin/echo 2; Write-Host 3; /bin/echo 4; 5' > \"$1\"", HostProcess.HostPath, folder["out"]]);
        await shell.EndAsync();

        Assert.Equal("1\n2\n3\n4\n5\n", await File.ReadAllTextAsync(folder["out"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_script_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a broken pipe is no error on Windows");
        await using var host = HostProcess.Start(
            ["-Command", "try { while ($true) { 'again' } } finally { $Host.UI.WriteErrorLine('cleaned up') }"]);

        Assert.Equal("again", await host.ReadLineAsync());
        host.CloseOutput();
        var result = await host.WaitAsync();

        Assert.Equal(141, result.ExitCode);
        Assert.Equal("cleaned up\n", result.Error);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_ends_the_script()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        await using var shell = HostProcess.StartProgram(
            "sh", ["-c", "dotnet \"$0\" -c 'while (1) { 1 }' > /dev/full", HostProcess.HostPath]);
        var result = await shell.EndAsync();

        Assert.Equal(74, result.ExitCode);
        Assert.Contains("standard output cannot be written", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("throw 'late'", 1)]
    [InlineData("", 0)]
    public async Task A_table_is_printed_however_the_script_ends(string end, int status)
    {
        var result = await HostProcess.RunScriptAsync($"[pscustomobject]@{{ Name = 'n'; Size = 5 }}; {end}");

        Assert.Equal(status, result.ExitCode);
        Assert.Equal(["Name Size", "---- ----", "n       5"], result.Lines);
    }

    [Fact]
    public async Task A_format_view_of_a_module_is_used()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Shapes/Shapes.psm1", "function Get-Shape { [pscustomobject]@{ PSTypeName = 'Shape'; Kind = 'square'; Side = 2 } }");
        folder.Write("Shapes/Shapes.psd1", "@{ ModuleVersion = '1.0'; RootModule = 'Shapes.psm1'; FormatsToProcess = 'Shapes.ps1xml' }");
        folder.Write("Shapes/Shapes.ps1xml",
            """
            <Configuration>
              <ViewDefinitions>
                <View>
                  <Name>Shape</Name>
                  <ViewSelectedBy><TypeName>Shape</TypeName></ViewSelectedBy>
                  <CustomControl><CustomEntries><CustomEntry><CustomItem>
                    <ExpressionBinding><ScriptBlock>"a $($_.Kind) of $($_.Side)"</ScriptBlock></ExpressionBinding>
                  </CustomItem></CustomEntry></CustomEntries></CustomControl>
                </View>
              </ViewDefinitions>
            </Configuration>
            """);

        var result = await HostProcess.RunCommandAsync($"Import-Module '{folder["Shapes"]}'; Get-Shape");

        Assert.Equal(["a square of 2"], result.Lines);
    }

    [Theory]
    [InlineData(null, "120")]
    [InlineData("72", "72")]
    [InlineData("wide", "120")]
    public async Task The_width_of_redirected_output_is_120_or_COLUMNS(string? columns, string expected)
    {
        var result = await HostProcess.RunCommandAsync(
            "$Host.UI.RawUI.WindowSize.Width", environment: columns is null ? [] : [("COLUMNS", columns)]);

        Assert.Equal([expected], result.Lines);
    }
}
