using System.Globalization;

namespace PrefectPS.Benchmarks;

/// <summary>Peers in the same pwsh: Invoke-Build, and ForEach-Object -Parallel.</summary>
internal static class PeerBenchmarks
{
    private static readonly string InvokeBuild = $"Import-Module '{Repository.ProgramOf("InvokeBuild")}'\n";
    private static readonly string Own = $"Import-Module '{Session.Manifest}'\n";

    public static IEnumerable<Measurement> Run() => [.. Cold(), .. Warm()];

    private static IEnumerable<Measurement> Cold()
    {
        using var scripts = new ColdScripts();
        scripts.Prepare(BuildOf(20));
        scripts.Add("nothing", string.Empty);
        scripts.Add("build", InvokeBuild + "Invoke-Build -File \"$PSScriptRoot/peer.build.ps1\" > $null");
        scripts.Add("own", Own + DefineOf(20) + "$null = Invoke-Flow $flow");
        scripts.Add("record", Own + DefineOf(20, "-Store \"$PSScriptRoot/store\"") + "$null = Invoke-Flow $flow");
        scripts.Measure();
        var theirs = scripts.Above("build", "nothing");
        yield return new("cold: Invoke-Build, import, 20 tasks that do nothing", theirs, "ms above");
        yield return new("cold: PrefectPS, the same", scripts.Above("own", "nothing"), "ms above", scripts.Above("own", "nothing") / theirs);
        yield return new("cold: PrefectPS, the same on record in a folder", scripts.Above("record", "nothing"), "ms above", scripts.Above("record", "nothing") / theirs);
    }

    private static IEnumerable<Measurement> Warm()
    {
        using var process = ScriptProcess.StartBy(PrecompiledPowerShell.Find(), $$"""
            {{InvokeBuild}}{{Own}}{{BuildOf(100)}}
            function Measure-Median([scriptblock] $Block) {
                $times = foreach ($round in 0..5) {
                    $watch = [Diagnostics.Stopwatch]::StartNew()
                    $null = & $Block
                    if ($round) { $watch.Elapsed.TotalMilliseconds } # the first pays for what is loaded and compiled
                }
                ($times | Sort-Object)[2].ToString('r', [cultureinfo]::InvariantCulture)
            }
            Measure-Median { Invoke-Build -File "$PSScriptRoot/peer.build.ps1" }
            Measure-Median { {{DefineOf(100)}}; Invoke-Flow $flow }
            Measure-Median { 1..100 | ForEach-Object -Parallel { [Threading.Thread]::Sleep(50) } -ThrottleLimit 4 }
            $flow = New-Flow sleep { task list { 1..100 }; task each { param($n) [Threading.Thread]::Sleep(50) } -Map @{ n = 'list' } }
            Measure-Median { Invoke-Flow $flow -ThrottleLimit 4 }
            Remove-Item "$PSScriptRoot/peer.build.ps1"
            """);
        double[] times = [.. process.ReadToEnd().Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        const double ideal = 100 / 4 * 50;
        yield return new("warm: Invoke-Build, 100 tasks that do nothing, defined and run", times[0] / 100, "ms a task");
        yield return new("warm: PrefectPS, the same", times[1] / 100, "ms a task", times[1] / times[0]);
        yield return new("warm: ForEach-Object -Parallel, 100 of 50 ms at throttle 4, against the ideal", times[2], "ms", times[2] / ideal);
        yield return new("warm: PrefectPS, the same by -Map", times[3], "ms", times[3] / ideal);
    }

    private static string BuildOf(int count) =>
        $"Set-Content \"$PSScriptRoot/peer.build.ps1\" 'foreach ($i in 1..{count.ToString(CultureInfo.InvariantCulture)}) {{ task \"task$i\" {{ }} }}; task . (1..{count.ToString(CultureInfo.InvariantCulture)} | ForEach-Object {{ \"task$_\" }})'\n";

    private static string DefineOf(int count, string options = "") =>
        $"$flow = New-Flow peer {options}; foreach ($i in 1..{count.ToString(CultureInfo.InvariantCulture)}) {{ Add-FlowTask $flow \"task$i\" {{ }} }}\n";
}
