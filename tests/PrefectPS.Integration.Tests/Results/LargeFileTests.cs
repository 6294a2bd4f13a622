using System.Globalization;
using PrefectPS.Flows;

namespace PrefectPS.Integration.Tests.Results;

public sealed class LargeFileTests
{
    private const long Size = 1024 * 1024 * 1024;
    private const long Room = 96 * 1024 * 1024;

    // One step, and what it did to the process's memory: the most it ever had, above what it had before.
    private const string Step = """
        param($store, $file, $document)
        $flow = New-Flow large -Store $store {
            task make { [IO.FileInfo]::new($file) }
            task use {
                param($make)
                $stream = $make.OpenRead()
                $null = $stream.Seek(-1, 'End')
                "$($make.Name) of $($make.Length) ends with $($stream.ReadByte())"
                $stream.Dispose()
            } -InputFrom @{ make = 'make' }
        }
        $null = New-Flow warm { task a { 1 } } | Invoke-Flow
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $before = $process.WorkingSet64
        $run = if ([IO.File]::Exists($document)) { [IO.File]::ReadAllText($document) | ConvertTo-FlowState -Flow $flow } else { $null }
        $run = if ($run) { $run | Invoke-FlowStep } else { Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled }
        $process.Refresh()
        [IO.File]::WriteAllText($document, ($run | ConvertFrom-FlowState))
        "$($process.PeakWorkingSet64 - $before)"
        "$($run.Tasks[1].Result)"
        if ($run.State -eq 'Failed') { "$($run.Tasks.Message)" }
        """;

    [Fact]
    [Trait("Load", "heavy")]
    public async Task A_file_of_a_gigabyte_goes_to_the_store_and_back_in_little_memory()
    {
        using var folder = new TemporaryFolder();
        await using (var file = File.Create(folder["data.csv"]))
        {
            file.SetLength(Size - 1);
            file.Position = Size - 1;
            file.WriteByte(7);
        }

        var written = await HostProcess.RunScriptAsync(Step, folder["store"], folder["data.csv"], folder["run.json"]);
        Assert.Equal(string.Empty, written.Error);
        File.Delete(folder["data.csv"]);
        var read = await HostProcess.RunScriptAsync(Step, folder["store"], folder["data.csv"], folder["run.json"]);

        Assert.Equal($"data.csv of {Size} ends with 7", read.Lines[1]);
        foreach (var result in new[] { written, read })
            Assert.InRange(long.Parse(result.Lines[0], CultureInfo.InvariantCulture), 0, Room);
        TestContext.Current.SendDiagnosticMessage($"memory to write: {written.Lines[0]}, to read: {read.Lines[0]}");
    }
}
