using System.Globalization;

namespace PrefectPS.Benchmarks;

/// <summary>The module in a session: script-block tasks that do nothing, against a loop that calls the same blocks bare.</summary>
internal static class ModuleBenchmarks
{
    // Both sides run the same blocks in the same session, in turn, and the medians are compared.
    private const string Script = """
        function Get-Median($values) { $sorted = [double[]]$values; [Array]::Sort($sorted); $sorted[[int][Math]::Floor($sorted.Count / 2)] }
        $blocks = foreach ($i in 1..COUNT) { { } }
        $flow = New-Flow benchmark
        $define = [Diagnostics.Stopwatch]::StartNew()
        DEFINE
        $define.Stop()
        $bare = foreach ($round in 1..ROUNDS) {
            [GC]::Collect()
            $watch = [Diagnostics.Stopwatch]::StartNew()
            foreach ($block in $blocks) { & $block }
            $watch.Elapsed.TotalMicroseconds / COUNT
        }
        $ours = foreach ($round in 1..ROUNDS) {
            [GC]::Collect()
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $run = Invoke-Flow $flow
            $watch.Elapsed.TotalMicroseconds / COUNT
            if ($run.State -ne 'Success') { throw "the flow ended as $($run.State)" }
        }
        Get-Median $bare
        Get-Median $ours
        $define.Elapsed.TotalMicroseconds / COUNT
        """;

    // Warm-up: the first flows of a session pay for JIT compilation.
    private const string WarmUp = """
        $flow = New-Flow 'warm up'
        foreach ($i in 1..1000) { Add-FlowTask $flow "task$i" { } }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        while ($watch.ElapsedMilliseconds -lt 2000) { $null = Invoke-Flow $flow; foreach ($task in $flow.Tasks) { & { } } }
        """;

    // Tasks that sleep, so that two processors are enough for any throttle; each run makes its runspaces.
    private const string Throttled = """
        $flow = New-Flow throttled
        foreach ($i in 1..100) { Add-FlowTask $flow "task$i" { [Threading.Thread]::Sleep(50) } }
        foreach ($round in 1..9) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $null = Invoke-Flow $flow -ThrottleLimit 4
            $watch.Elapsed.TotalMilliseconds
        }
        """;

    private static readonly (string Name, string Define)[] Definitions =
    [
        ("chain", "Add-FlowTask $flow task0 $blocks[0]; foreach ($i in 1..(COUNT - 1)) { Add-FlowTask $flow \"task$i\" $blocks[$i] -After \"task$($i - 1)\" }"),
        ("fan-out/fan-in",
            "Add-FlowTask $flow task0 $blocks[0]; $middle = foreach ($i in 1..(COUNT - 2)) { Add-FlowTask $flow \"task$i\" $blocks[$i] -After task0; \"task$i\" }"
            + "; Add-FlowTask $flow last $blocks[COUNT - 1] -After $middle"),
        ("independent", "foreach ($i in 0..(COUNT - 1)) { Add-FlowTask $flow \"task$i\" $blocks[$i] }"),
    ];

    public static IEnumerable<Measurement> Run()
    {
        using var session = new Session();
        session.Invoke($"Import-Module '{Session.Manifest}'");
        session.Invoke(WarmUp);
        const double ideal = 100 / 4 * 50;
        var throttled = session.Invoke(Throttled).Cast<double>().Order().ElementAt(4);
        yield return new("100 tasks of 50 ms at throttle 4, ideal 1250 ms", throttled, "ms", throttled / ideal, "ratio < 1.05");
        foreach (var (shape, define) in Definitions)
        {
            foreach (var count in new[] { 100, 1_000, 10_000, 100_000 })
            {
                var figures = session.Invoke(Script
                    .Replace("DEFINE", define, StringComparison.Ordinal)
                    .Replace("COUNT", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("ROUNDS", count > 10_000 ? "3" : "9", StringComparison.Ordinal));
                var (bare, ours, definition) = ((double)figures[0], (double)figures[1], (double)figures[2]);
                yield return new($"bare loop over {count:N0} blocks", bare, "us a block");
                yield return new($"Invoke-Flow, {shape} of {count:N0}", ours, "us a task", ours / bare, "ratio < 1");
                yield return new($"Add-FlowTask, {shape} of {count:N0}", definition, "us a task");
            }
        }
    }
}
