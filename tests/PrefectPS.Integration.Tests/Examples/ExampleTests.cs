namespace PrefectPS.Integration.Tests.Examples;

/// <summary>Runs every script of <c>docs/examples</c> as a reader would, and looks at what it says.</summary>
public class ExampleTests
{
    // How the lines begin that each has to put out, in this order; others may stand between them, and the end of a table's depends on the width.
    private static readonly Dictionary<string, string[]> Expected = new(StringComparer.Ordinal)
    {
        ["conditions.ps1"] =
        [
            "--- An order of 0.4 kg", "letter: Success", "truck: Skipped", "insure: Skipped", "book: Success", "booked: a letter of 0.4 kg",
            "--- An order of 12 kg", "letter: Skipped", "truck: Success", "insure: Success", "book: Success", "booked: insured: a parcel of 12 kg",
            "--- An order of 0 kg", "letter: Skipped", "truck: Skipped", "insure: Skipped", "book: Skipped", "nothing to book",
        ],
        ["diagrams.ps1"] = ["graph TD", "    t3 --> t8", "invoices                               Skipped  "],
        ["first-flow.ps1"] =
        [
            "At once: every task ran exactly once.", "In 8 steps: every task ran exactly once.", "By the trick, in 4 steps: every task ran exactly once.",
        ],
        ["from-durable-functions/orchestrator.ps1"] = ["Success after 2 steps. sum: 30"],
        ["from-invoke-build/build.ps1"] = ["clean: Success", "compile: Success", "test: Success", "sign: Skipped", "default: Success", "again: compile: Cached"],
        ["from-powershell-workflow/checkpoint.ps1"] = ["after step 2: Paused", "after step 3: Success. announced: 3 servers approved"],
        ["from-prefect/trick.ps1"] = ["step 1: Pending", "step 4: Success", "by the trick: Task 1 and Task 2, at the end", "on record: Task 1 and Task 2, at the end"],
        ["polling.ps1"] = ["step 1: Scheduled, Pending", "step 2: Scheduled, Pending", "step 3: Success, Scheduled", "step 4: Success, Success", "loaded: 2 rows"],
        ["rerun.ps1"] =
        [
            "--- at first", "prices: Run, its target report/prices.json is missing", "total: Run, its target report/total.json is missing",
            "--- nothing has changed", "prices: Cached, ", "total: Cached, ", "--- a comment", "total: Cached, ",
            "--- another script", "total: Run, its script has changed since its target report/total.json was made",
            "--- another input", "total: Run, its inputs have changed since its target report/total.json was made",
            "--- a newer file", "prices: Run, source file rates.csv was written since its target report/prices.json was made", "total: Cached, ",
        ],
        ["report.ps1"] = ["The run is Failed."],
        ["telemetry.ps1"] =
        [
            "traces: 1", "task extract, a part of step nightly 1", "step nightly", "task load, a part of step nightly 2", "step nightly",
            "task report, a part of step nightly 3", "run nightly", "step nightly",
        ],
        ["undo.ps1"] =
        [
            "after step 1: Failed, there are: network vm", "asked for: Some reference tasks failed; 2 tasks still to be undone.", "removed: vm", "removed: network",
            "after step 2: Failed, there are: none", "after step 3: Success, there are: network vm",
        ],
        ["report-steps.ps1"] = ["The run is Success, after 3 steps."],
    };

    public static TheoryData<string> Scripts() =>
        [.. ScriptsIn(".").Concat(Directory.GetDirectories(Repository.PathOf("docs/examples"), "from-*").SelectMany(ScriptsIn)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Every_example_runs_with_the_documented_output(string script)
    {
        Assert.True(Expected.TryGetValue(script, out var lines), $"Say in {nameof(ExampleTests)} which lines docs/examples/{script} puts out.");
        var result = await HostProcess.RunAsync([Repository.PathOf($"docs/examples/{script}")]);

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        using var output = ((IEnumerable<string>)result.Output.Split('\n')).GetEnumerator();
        foreach (var line in lines!)
            Assert.True(Finds(output, line), $"'{line}' is missing or out of order in:\n{result.Output}");
    }

    [Fact]
    public async Task The_first_command_of_the_README_runs()
    {
        var words = File.ReadLines(Repository.PathOf("README.md")).First(line => line.StartsWith("dotnet run ", StringComparison.Ordinal)).Split(' ');
        await using var command = HostProcess.StartProgram(
            words[0], [words[1], "--no-build", "--configuration", HostProcess.Configuration, .. words[2..]], folder: Repository.PathOf("."));

        var result = await command.EndAsync();

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.All(Expected["first-flow.ps1"], line => Assert.Contains(line, result.Lines));
    }

    [Fact]
    public async Task The_first_flow_writes_its_results_to_its_store()
    {
        using var folder = new TemporaryFolder();
        var result = await HostProcess.RunAsync([Repository.PathOf("docs/examples/first-flow.ps1"), "-Folder", folder.Path]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            ["task1.txt", "task2.txt", "task3.txt"],
            Directory.GetFiles(Path.Combine(folder.Path, "steps"), "*.txt", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_documented_diagrams_match_the_drawn_ones()
    {
        using var folder = new TemporaryFolder();
        var result = await HostProcess.RunAsync([Repository.PathOf("docs/examples/diagrams.ps1"), "-Folder", folder.Path]);

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        var pictures = Directory.GetFiles(folder.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
        Assert.Equal(Directory.GetFiles(Repository.PathOf("docs/pictures"), "*.svg").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal), pictures);
        Assert.All(pictures, name => Assert.Equal(ReadText(Repository.PathOf($"docs/pictures/{name}")), ReadText(Path.Combine(folder.Path, name))));
        var output = result.Output.ReplaceLineEndings("\n");
        Assert.Contains($"```mermaid\n{output[..output.IndexOf("\n\n", StringComparison.Ordinal)]}\n```", ReadText(Repository.PathOf("README.md")), StringComparison.Ordinal);
    }

    private static string ReadText(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    private static bool Finds(IEnumerator<string> output, string line)
    {
        while (output.MoveNext())
        {
            if (output.Current.StartsWith(line, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> ScriptsIn(string folder)
    {
        var root = Repository.PathOf("docs/examples");
        return Directory.GetFiles(Path.GetFullPath(folder, root), "*.ps1").Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'));
    }
}
