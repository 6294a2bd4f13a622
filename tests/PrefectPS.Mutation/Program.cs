using System.Diagnostics;
using System.Globalization;
using PrefectPS.Mutation;

// Samples mutants of the engine, and says which of them the engine's tests do not notice. CONTRIBUTING.md says how to run it.
string[] namespaces = ["States", "Running", "Runs", "Documents", "Caching", "Channels", "Triggers", "Conformance"];
string[] slow = ["FaultyStepTests", "KilledStepTests"];
var options = args.Chunk(2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
var seed = options["--seed"].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(1);
var count = options["--count"].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(30);
string[] paths = options.Contains("--path") ? [.. options["--path"]] : ["States", "Running", "Runs", "Documents"];
string[] filter =
[
    .. namespaces.SelectMany(name => new[] { "--filter-namespace", $"PrefectPS.Engine.Tests.{name}" }),
    .. slow.SelectMany(name => new[] { "--filter-not-class", $"*.{name}" }),
    "--stop-on-fail", "on",
];

var repository = Directory.GetCurrentDirectory();
var all = paths
    .SelectMany(path => Directory.EnumerateFiles(Path.Combine(repository, "src/PrefectPS.Engine", path), "*.cs", SearchOption.AllDirectories))
    .Order(StringComparer.Ordinal)
    .SelectMany(file => MutantFinder.Find(Path.GetRelativePath(repository, file).Replace('\\', '/'), File.ReadAllText(file)))
    .ToArray();
new Random(seed).Shuffle(all);

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
    var started = Stopwatch.StartNew();
    if (!Passes(number: null, TimeSpan.FromMinutes(10)))
        throw new InvalidOperationException("The tests fail without any mutant.");
    var usual = started.Elapsed;
    var time = (4 * usual) + TimeSpan.FromSeconds(10);
    Console.WriteLine($"seed {seed}: {mutants.Count} of {all.Length} mutants ({sample.Count - mutants.Count} more do not compile), {usual.TotalSeconds:F0} s each");
    var survivors = mutants.Where(mutant => Passes(mutant.Key, time)).ToList();
    Console.WriteLine($"score {100.0 * (mutants.Count - survivors.Count) / mutants.Count:F1} %: {mutants.Count - survivors.Count} of {mutants.Count} died");

    bool Passes(int? number, TimeSpan longest)
    {
        var start = new ProcessStartInfo("dotnet", [tree.TestProgram, .. filter]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[MutatedTree.Variable] = number?.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var hasEnded = process.WaitForExit(longest); // a mutant that never ends is noticed, too
        if (!hasEnded)
            process.Kill(entireProcessTree: true);
        var passes = hasEnded && process.ExitCode == 0;
        if (number is { } survivor && passes)
            Console.WriteLine($"survives {mutants[survivor]}");
        return passes;
    }
}
finally
{
    folder.Delete(recursive: true);
}
