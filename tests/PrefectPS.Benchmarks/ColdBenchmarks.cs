namespace PrefectPS.Benchmarks;

/// <summary>
/// What a short-lived process costs. Each run of a row is a whole pwsh, and is compared with the one beside it of the script that it is to be above:
/// the median of 11 differences, as other work of a machine comes and goes.
/// </summary>
internal static class ColdBenchmarks
{
    private const int Rounds = 11;

    private const string Define = """
        $flow = New-Flow cold -Store "$PSScriptRoot/store"
        foreach ($i in 1..20) { Add-FlowTask $flow "task$i" { 1 } }

        """;

    private const string Rows = """
        $rows = foreach ($i in 1..10000) { @{ Name = "task$i"; ScriptBlock = { 1 }; After = "task$($i - 1)" } }
        $rows[0].Remove('After')

        """;

    // Those that have ended, and enough for each step that is measured.
    private const string Large = """
        $rows = foreach ($i in 1..10050) { @{ Name = "task$i"; ScriptBlock = { 1 } } }
        $flow = New-Flow large -Store "$PSScriptRoot/large" -Task $rows

        """;

    private const string RunLarge = """
        $state = Invoke-FlowStep $flow -RunId run -MaxTasks 10000
        """;

    private const string Step = """
        $state = Invoke-FlowStep $flow -RunId run -MaxTasks 1
        """;

    private const string StepThroughJson = """
        $state = [IO.File]::ReadAllText("$PSScriptRoot/run.json") | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        [IO.File]::WriteAllText("$PSScriptRoot/next.json", ($state | ConvertFrom-FlowState))
        """;

    // A module with one cmdlet, and the document that a run begins with; these are not measured.
    private const string Prepare = """
        Add-Type -OutputAssembly "$PSScriptRoot/Nothing.dll" -TypeDefinition '[System.Management.Automation.Cmdlet("Get", "Nothing")] public class GetNothing : System.Management.Automation.PSCmdlet { }'
        New-ModuleManifest "$PSScriptRoot/Nothing.psd1" -RootModule Nothing.dll -CmdletsToExport Get-Nothing
        """;

    public static IEnumerable<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("prefectps-cold-").FullName;
        try
        {
            var pwsh = PrecompiledPowerShell.Find();
            var import = $"Import-Module '{Session.Manifest}'\n";
            Execute(pwsh, Write(folder, "prepare", Prepare));
            Execute(pwsh, Write(folder, "document", $"{import}{Define}[IO.File]::WriteAllText(\"$PSScriptRoot/run.json\", ($flow | ConvertTo-FlowState | ConvertFrom-FlowState))"));
            Execute(pwsh, Write(folder, "run-large", import + Large + RunLarge));
            string[] scripts =
            [
                Write(folder, "nothing", string.Empty),
                Write(folder, "module", "Import-Module \"$PSScriptRoot/Nothing.psd1\""),
                Write(folder, "import", import),
                Write(folder, "define", import + Define),
                Write(folder, "step", import + Define + Step),
                Write(folder, "json", import + Define + StepThroughJson),
                Write(folder, "rows", import + Rows),
                Write(folder, "many", import + Rows + "$flow = New-Flow many -Task $rows"),
                Write(folder, "large", import + Large),
                Write(folder, "large-step", import + Large + Step),
            ];
            var times = Measure(pwsh, folder, scripts);
            yield return new("cold: pwsh that does nothing", times[0].Order().ElementAt(Rounds / 2), "ms");
            yield return Above("Import-Module, a binary module with one cmdlet", 1, 0);
            yield return Above("Import-Module PrefectPS, above that module", 2, 1, "< 30");
            yield return Above("import, 20 tasks defined", 3, 0);
            yield return Above("import, 20 tasks, one run on record in a folder", 4, 0, "< 250");
            yield return Above("import, 20 tasks, one run, through JSON", 5, 0, "< 350");
            yield return Above("10,000 tasks defined of rows, above making those", 7, 6, "< 300");

            yield return Above("one step of a run with 10,000 finished tasks, above defining them", 9, 8, "< 150");

            Measurement Above(string what, int script, int other, string? target = null) =>
                new($"cold: {what}", times[script].Zip(times[other], (own, theirs) => own - theirs).Order().ElementAt(Rounds / 2), "ms above", Target: target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double[][] Measure(string pwsh, string folder, string[] scripts)
    {
        var times = scripts.Select(_ => new double[Rounds]).ToArray();
        foreach (var script in scripts)
            Execute(pwsh, script); // what the system keeps in memory of them
        for (var round = 0; round < Rounds; round++)
        {
            for (var each = 0; each < scripts.Length; each++)
            {
                if (Directory.Exists(Path.Combine(folder, "store")))
                    Directory.Delete(Path.Combine(folder, "store"), recursive: true);
                times[each][round] = Measurement.TimeOnce(() => Execute(pwsh, scripts[each])).TotalMilliseconds;
            }
        }

        return times;
    }

    private static string Write(string folder, string name, string script)
    {
        var file = Path.Combine(folder, $"{name}.ps1");
        File.WriteAllText(file, script);
        return file;
    }

    private static void Execute(string pwsh, string script)
    {
        var end = ProcessEnd.Of(ScriptProcess.StartOf(pwsh, script));
        if (end.Code != 0 || end.Error.Length > 0)
            throw end.ToException(script);
    }
}
