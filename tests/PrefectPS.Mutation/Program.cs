using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PrefectPS.Mutation;

// Samples mutants of the engine, and says which of them the engine's tests do not notice. CONTRIBUTING.md says how to run it.
string[] namespaces = ["States", "Running", "Runs", "Documents", "Caching", "Channels", "Triggers", "Conformance", "Results", "Flows", "Simulation"];
const int MostFailed = 5; // tests that depend on the time, on a busy machine
string[] slow = ["FaultyStepTests", "KilledStepTests"];
var options = args.Chunk(2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
var seed = options["--seed"].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(1);
var count = options["--count"].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(30);
string[] paths = options.Contains("--path") ? [.. options["--path"]] : ["States", "Running", "Runs", "Documents"];
string[] filter = options["--tests"].Contains("all", StringComparer.Ordinal) ? [] :
[
    .. namespaces.SelectMany(name => new[] { "--filter-namespace", $"PrefectPS.Engine.Tests.{name}" }),
    .. slow.SelectMany(name => new[] { "--filter-not-class", $"*.{name}" }),
];
var jobs = options["--jobs"].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(1);

var repository = Directory.GetCurrentDirectory();
var all = paths
    .Select(path => Path.Combine(repository, "src/PrefectPS.Engine", path))
    .SelectMany(path => File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories))
    .Order(StringComparer.Ordinal)
    .SelectMany(file => MutantFinder.Find(Path.GetRelativePath(repository, file).Replace('\\', '/'), File.ReadAllText(file)))
    .ToArray();
new Random(seed).Shuffle(all);

// Those that an earlier run of this program did not see die, wherever in their file they are now.
foreach (var log in options["--again"])
{
    var lines = File.ReadLines(log).Select(line => Earlier().Match(line)).Select(line => (line.Groups["file"].Value, line.Groups["change"].Value)).ToHashSet();
    all = Array.FindAll(all, mutant => lines.Contains((mutant.File, mutant.Change)));
}

// Of mutants within one another only one is taken: their texts would get in each other's way.
var sample = new List<Mutant>();
foreach (var mutant in all)
{
    if (sample.Count < count && !sample.Exists(other => other.File == mutant.File && other.Span.IntersectsWith(mutant.Span)))
        sample.Add(mutant);
}

var folder = Directory.CreateTempSubdirectory("prefectps-mutants-");
try
{
    var tree = new MutatedTree(repository, folder.FullName);
    var mutants = tree.Build(sample);
    var reachFile = Path.Combine(folder.FullName, "reach.txt");
    var output = new StringBuilder();
    Run([.. filter, "--parallel", "none", "--max-threads", "1"], TimeSpan.FromMinutes(40), (MutatedTree.ReachVariable, reachFile), output);
    var reach = Reach.Read(reachFile, output.ToString());
    foreach (var failed in reach.Failed)
        Console.WriteLine($"fails without any mutant, and is left out: {failed}");
    if (reach.Failed.Count > MostFailed)
        throw new InvalidOperationException("Too many tests fail without any mutant.");
    Console.WriteLine($"seed {seed}: {mutants.Count} of {all.Length} mutants ({sample.Count - mutants.Count} more do not compile)");
    var outcomes = new ConcurrentBag<Outcome>();
    Parallel.ForEach(mutants, new() { MaxDegreeOfParallelism = jobs }, mutant =>
    {
        var outcome = reach.RoundsFor(mutant.Key, mutant.Value.IsOnce)
            .Select(round => Try(mutant.Key, round))
            .FirstOrDefault(each => each != Outcome.Survives, Outcome.Survives);
        outcomes.Add(outcome);
        if (outcome != Outcome.Dies)
            Console.WriteLine($"{(outcome == Outcome.Survives ? "survives" : "times out")} {mutant.Value}");
        if (outcomes.Count % 20 == 0)
            Console.WriteLine($"  {Summary()}");
    });
    Console.WriteLine(
        $"score {100.0 * Count(Outcome.Dies) / mutants.Count:F1} %, with those that time out {100.0 - (100.0 * Count(Outcome.Survives) / mutants.Count):F1} %: {Summary()}");

    int Count(Outcome outcome) => outcomes.Count(each => each == outcome);

    string Summary() => $"{Count(Outcome.Dies)} of {outcomes.Count} died, {Count(Outcome.TimesOut)} timed out, {Count(Outcome.Survives)} survive";

    Outcome Try(int number, (TimeSpan Time, string[] Tests) round) => Run(
        [.. round.Tests.SelectMany(test => new[] { "--filter-method", test }), "--stop-on-fail", "on"],
        (8 * round.Time) + TimeSpan.FromMinutes(1), // the machine may be busier than it was
        (MutatedTree.Variable, number.ToString(CultureInfo.InvariantCulture)));

    Outcome Run(string[] arguments, TimeSpan longest, (string Name, string Value) variable, StringBuilder? output = null)
    {
        var start = new ProcessStartInfo("dotnet", [tree.TestProgram, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output?.AppendLine(line.Data);
        process.BeginOutputReadLine();
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            return Outcome.TimesOut;
        }

        process.WaitForExit(); // for the rest of its output
        return process.ExitCode == 0 ? Outcome.Survives : Outcome.Dies;
    }
}
finally
{
    folder.Delete(recursive: true);
}

internal static partial class Program
{
    [GeneratedRegex(@"^(survives|times out) (?<file>[^:]+):\d+: (?<change>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Earlier();
}
