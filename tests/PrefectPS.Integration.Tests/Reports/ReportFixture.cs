using PrefectPS.Flows;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Reports;

/// <summary>The browser, and reports to look at, written by one <c>prefectps</c>.</summary>
public sealed class ReportFixture : IAsyncLifetime
{
    private const string Script = """
        param([string] $Folder, [string] $Examples)
        & "$Examples/report.ps1" -Path "$Folder/night.html"
        & "$Examples/report-steps.ps1" -Path "$Folder/steps.html" -Store "$Folder/store"
        Get-FlowRun -Store "$Folder/store" | Export-FlowReport -Path "$Folder/outlined.html"

        $evil = '<img src=x onerror=alert(1)>"''</script><script>alert(2)</script><!-- ' + [char] 0x2028 + '${alert(3)}'
        $flow = New-Flow "flow $evil" -Store memory:evil -Parameter @{ bad = 1 } {
            task "task $evil" { $evil } -Tag "tag $evil"
            task fails { throw "error $evil" }
            task مهمة-التحميل { 'بيانات' } -After "task $evil"
            task after { @{ $evil = $evil } } -After fails
        }
        $run = Invoke-Flow $flow -Parameter @{ bad = "value $evil" }
        $run = $run | Set-FlowTaskState -Task after -To Failed -Message "message $evil"
        $run | Export-FlowReport -Path "$Folder/evil.html" -Title "title $evil"

        $flow = New-Flow large -Store memory:large {
            task list { ,(1..4000) }
            task each { param($x) if ($x -eq 3333) { throw 'no' }; $x } -Map @{ x = 'list' }
            foreach ($i in 1..6000) { task "step$i" { } -After $(if ($i % 20 -ne 1) { "step$($i - 1)" } else { 'list' }) }
        }
        Invoke-Flow $flow -Durability Step | Export-FlowReport -Path "$Folder/large.html"

        New-Flow small {
            task whole -Subflow (New-Flow inner { task only { 1 } })
            task alone { 2 }
            foreach ($i in 1..9) { task "next$i" { } -After $(if ($i -eq 1) { 'alone' } else { "next$($i - 1)" }) }
        } | Invoke-Flow | Export-FlowReport -Path "$Folder/small.html"
        New-Flow none { } | ConvertTo-FlowState | Export-FlowReport -Path "$Folder/empty.html"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly LazyEmulator<Browser> _browser = new(Browser.StartAsync);
    private readonly Lazy<Task> _reports;

    public ReportFixture() => _reports = new(WriteAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens a report; skips the test where there is no browser.</summary>
    internal async Task<ReportPage> OpenAsync(string name, int width = 1440, int height = 900, bool isDark = false)
    {
        var browser = await _browser.GetAsync();
        await _reports.Value;
        return await browser.OpenAsync(_folder[name], width, height, isDark ? Microsoft.Playwright.ColorScheme.Dark : Microsoft.Playwright.ColorScheme.Light);
    }

    /// <summary>How large a report is, in bytes.</summary>
    internal long SizeOf(string name) => new FileInfo(_folder[name]).Length;

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _folder.Dispose();
    }

    private async Task WriteAsync()
    {
        var result = await HostProcess.RunAsync([_folder.Write("reports.ps1", Script), "-Folder", _folder.Path, "-Examples", Repository.PathOf("docs/examples")]);
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
    }
}
