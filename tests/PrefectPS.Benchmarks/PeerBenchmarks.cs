using System.Globalization;

namespace PrefectPS.Benchmarks;

/// <summary>What else runs tasks in PowerShell, in the same process, after a round that is not counted.</summary>
internal static class PeerBenchmarks
{
    private const string Script = """
        Import-Module 'PEER'
        $folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "prefectps-peer-$PID")
        $file = Join-Path $folder 'many.build.ps1'
        (foreach ($i in 1..1000) { "task t$i { }" }) | Set-Content $file

        function Measure-Median([scriptblock] $Action) {
            $times = foreach ($round in 0..5) {
                [GC]::Collect()
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $null = & $Action
                if ($round -gt 0) { $watch.Elapsed.TotalMilliseconds }
            }
            ($times | Sort-Object)[2].ToString('r', [cultureinfo]::InvariantCulture)
        }

        Measure-Median { Invoke-Flow (New-Flow many { foreach ($i in 1..1000) { task "t$i" { } } }) }
        Measure-Median { Invoke-Build * $file *>&1 }
        Measure-Median { Invoke-Flow (New-Flow waits { foreach ($i in 1..100) { task "t$i" { [Threading.Thread]::Sleep(50) } } }) -ThrottleLimit 4 }
        Measure-Median { 1..100 | ForEach-Object -Parallel { [Threading.Thread]::Sleep(50) } -ThrottleLimit 4 }
        Remove-Item $folder -Recurse
        """;

    public static IEnumerable<Measurement> Run()
    {
        const double ideal = 100 / 4 * 50;
        using var process = ScriptProcess.Start(Script.Replace("PEER", Repository.ProgramOf("InvokeBuild"), StringComparison.Ordinal));
        var times = process.ReadToEnd().Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        yield return new("1,000 tasks that do nothing, defined and run", times[0], "ms", times[0] / times[1]);
        yield return new("the same by Invoke-Build", times[1], "ms");
        yield return new("100 tasks of 50 ms, 4 at a time, defined and run", times[2], "ms", times[2] / ideal, "ratio < 1.04");
        yield return new("the same by ForEach-Object -Parallel", times[3], "ms", times[3] / ideal);
    }
}
