using System.Globalization;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Benchmarks;

/// <summary>A local cluster, with workers and step in processes of their own, against the same flow in one process; and the cost of the feature without a cluster.</summary>
internal static class ClusterBenchmarks
{
    private const int Places = 4;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5); // after which a process that does nothing has come to rest

    private const string Flows = """
        $nothing = New-Flow nothing { task list { 1..1000 }; task each { param($n) } -Map @{ n = 'list' } }
        $short = New-Flow short { task list { 1..1000 }; task each { param($n) [Threading.Thread]::Sleep(50) } -Map @{ n = 'list' } }
        $chain = New-Flow chain { task t1 { }; foreach ($i in 2..100) { task "t$i" { } -After "t$($i - 1)" } }
        $one = New-Flow one { task one { } }
        """;

    private const string Worker = "Start-FlowWorker $nothing, $short, $chain, $one CLUSTER -InformationAction Continue";

    private const string Measure = """
        function Measure-Run($Flow, $With) {
            $times = foreach ($round in 0..7) {
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $run = Invoke-Flow $Flow @With
                if ($round -gt 2) { $watch.Elapsed.TotalMilliseconds } # the first ones pay for what is loaded, and compiled twice: workers live long
                if ($run.State -ne 'Success') { throw "the flow ended as $($run.State)" }
            }
            ($times | Sort-Object)[2].ToString('r', [cultureinfo]::InvariantCulture)
        }
        """;

    public static IEnumerable<Measurement> Run()
    {
        foreach (var row in Speed())
            yield return row;
        foreach (var row in Cost())
            yield return row;
    }

    private static IEnumerable<Measurement> Speed()
    {
        var cluster = $"localhost:{FreePorts.FindLasting().ToString(CultureInfo.InvariantCulture)}";
        var worker = $"{Flows}\n{Worker.Replace("CLUSTER", cluster, StringComparison.Ordinal)}";
        List<ScriptProcess> processes = [];
        try
        {
            using var idle = ScriptProcess.Start("'ready'; [Threading.Thread]::Sleep(-1)");
            idle.WaitFor("ready");
            processes.AddRange(Enumerable.Range(0, 3).Select(_ => Join(worker)));
            Thread.Sleep(Rest);
            yield return new("a PowerShell with the module, idle", idle.Memory / 1e6, "MB");
            yield return new("a worker, idle, above that", processes.Average(process => process.Memory - idle.Memory) / 1e6, "MB");

            var three = Figures($$"""
                {{Flows}}
                {{Measure}}
                Measure-Run $one @{ Cluster = '{{cluster}}' }
                Measure-Run $nothing @{ Cluster = '{{cluster}}' }
                Measure-Run $nothing @{ ThrottleLimit = 12 }
                Measure-Run $chain @{ Cluster = '{{cluster}}' }
                """);
            yield return new("a body that does nothing, on 3 workers, connecting included", three[0], "ms");
            yield return new("1,000 of them mapped, on 3 workers of 4 places", three[1], "ms", three[1] / three[2], "< 2000 ms");
            yield return new("the same in one process at throttle 12", three[2], "ms");
            yield return new("a chain of 100, on 3 workers", three[3] / 100, "ms a task", Target: "< 10");

            processes.Add(Join(worker));
            const double ideal = 1000 / 16 * 50;
            var four = Figures($$"""
                {{Flows}}
                {{Measure}}
                Measure-Run $short @{ Cluster = '{{cluster}}' }
                Measure-Run $short @{ ThrottleLimit = 16 }
                """);
            yield return new("1,000 bodies of 50 ms, on 4 workers of 4 places", four[0], "ms", four[0] / ideal, "ratio < 1.1");
            yield return new("the same in one process at throttle 16", four[1], "ms", four[1] / ideal);
        }
        finally
        {
            foreach (var process in processes)
                process.Dispose();
        }
    }

    private static IEnumerable<Measurement> Cost()
    {
        var module = Path.GetDirectoryName(Session.Manifest)!;
        var folder = Path.Combine(module, "bin", "net8.0", "Orleans");
        yield return new("the folder Orleans of the module", new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) / 1e6, "MB");

        var without = Directory.CreateTempSubdirectory("prefectps-").FullName;
        try
        {
            File.Copy(Session.Manifest, Path.Combine(without, "PrefectPS.psd1"));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(module, "bin"), "*", SearchOption.AllDirectories).Where(file => Path.GetDirectoryName(file) != folder))
            {
                var copy = Path.Combine(without, Path.GetRelativePath(module, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            var (whole, less) = (new List<double>(), new List<double>());
            for (var round = 0; round < 7; round++)
            {
                whole.Add(ImportTime(Session.Manifest));
                less.Add(ImportTime(Path.Combine(without, "PrefectPS.psd1")));
            }

            yield return new("Import-Module in a new process", Median(whole), "ms", Median(whole) / Median(less), "ratio 1");
            yield return new("the same without the folder Orleans", Median(less), "ms");
        }
        finally
        {
            Directory.Delete(without, recursive: true);
        }
    }

    private static ScriptProcess Join(string worker)
    {
        var process = ScriptProcess.Start(worker);
        process.WaitFor("has joined the cluster");
        return process;
    }

    private static double[] Figures(string script)
    {
        using var process = ScriptProcess.Start(script);
        return [.. process.ReadToEnd().Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }

    private static double ImportTime(string manifest)
    {
        using var process = ScriptProcess.Start(
            $"$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{manifest}'; $watch.Elapsed.TotalMilliseconds.ToString('r', [cultureinfo]::InvariantCulture)", importsModule: false);
        return double.Parse(process.ReadToEnd().Single(), CultureInfo.InvariantCulture);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
