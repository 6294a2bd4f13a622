namespace PrefectPS.Benchmarks;

/// <summary>The cost of a short-lived process: the time of a whole pwsh above that of one doing less.</summary>
internal static class ColdBenchmarks
{
    private const string Define = """
        $flow = New-Flow cold -Store "$PSScriptRoot/store"
        foreach ($i in 1..20) { Add-FlowTask $flow "task$i" { 1 } }

        """;

    private const string Rows = """
        $rows = foreach ($i in 1..10000) { @{ Name = "task$i"; ScriptBlock = { 1 }; After = "task$($i - 1)" } }
        $rows[0].Remove('After')

        """;

    // Finished runs, and enough others for each measured step.
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

    // Modules with one cmdlet, one of them with one view; making them is not measured.
    private const string NullModules = """
        Add-Type -OutputAssembly "$PSScriptRoot/Nothing.dll" -TypeDefinition '[System.Management.Automation.Cmdlet("Get", "Nothing")] public class GetNothing : System.Management.Automation.PSCmdlet { }'
        New-ModuleManifest "$PSScriptRoot/Nothing.psd1" -RootModule Nothing.dll -CmdletsToExport Get-Nothing
        New-ModuleManifest "$PSScriptRoot/View.psd1" -RootModule Nothing.dll -CmdletsToExport Get-Nothing -FormatsToProcess View.ps1xml
        [IO.File]::WriteAllText("$PSScriptRoot/View.ps1xml", @'
        <Configuration><ViewDefinitions><View><Name>View</Name><ViewSelectedBy><TypeName>Nothing.At.All</TypeName></ViewSelectedBy>
        <ListControl><ListEntries><ListEntry><ListItems><ListItem><PropertyName>Name</PropertyName></ListItem>
        </ListItems></ListEntry></ListEntries></ListControl></View></ViewDefinitions></Configuration>
        '@)
        """;

    private const string Document = "[IO.File]::WriteAllText(\"$PSScriptRoot/run.json\", ($flow | ConvertTo-FlowState | ConvertFrom-FlowState))";

    public static IEnumerable<Measurement> Run()
    {
        using var scripts = new ColdScripts();
        var import = $"Import-Module '{Session.Manifest}'\n";
        scripts.Prepare(NullModules);
        scripts.Prepare(import + Define + Document);
        scripts.Prepare(import + Large + RunLarge);
        scripts.Add("nothing", string.Empty);
        scripts.Add("module", "Import-Module \"$PSScriptRoot/Nothing.psd1\"");
        scripts.Add("view", "Import-Module \"$PSScriptRoot/View.psd1\"");
        scripts.Add("import", import);
        scripts.Add("define", import + Define);
        scripts.Add("step", import + Define + Step);
        scripts.Add("json", import + Define + StepThroughJson);
        scripts.Add("rows", import + Rows);
        scripts.Add("many", import + Rows + "$flow = New-Flow many -Task $rows");
        scripts.Add("large", import + Large);
        scripts.Add("large step", import + Large + Step);
        scripts.Measure();
        yield return new("cold: pwsh that does nothing", scripts.Median("nothing"), "ms");
        yield return Above("Import-Module, a binary module with one cmdlet", "module", "nothing");
        yield return Above("Import-Module PrefectPS, above that module", "import", "module", "< 30");
        yield return Above("Import-Module PrefectPS, above that module with one view", "import", "view");
        yield return Above("import, 20 tasks defined", "define", "nothing");
        yield return Above("import, 20 tasks, one run on record in a folder", "step", "nothing", "< 250");
        yield return Above("import, 20 tasks, one run, through JSON", "json", "nothing", "< 350");
        yield return Above("10,000 tasks defined of rows, above making those", "many", "rows", "< 300");
        yield return Above("one step of a run with 10,000 finished tasks, above defining them", "large step", "large", "< 150");

        Measurement Above(string what, string script, string other, string? target = null) => new($"cold: {what}", scripts.Above(script, other), "ms above", Target: target);
    }
}
