using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PrefectPS.Mutation;

/// <summary>A copy of the repository in which all mutants of a sample are built into one engine; an environment variable says which of them is active.</summary>
internal sealed partial class MutatedTree(string repository, string folder)
{
    /// <summary>The variable that holds the number of the active mutant.</summary>
    public const string Variable = "PREFECTPS_MUTANT";

    /// <summary>The variable that holds the path of a file for which mutants each test reaches.</summary>
    public const string ReachVariable = "PREFECTPS_MUTANT_REACH";

    private const string Tests = "tests/PrefectPS.Engine.Tests";
    private const string Switch = "PrefectPS.ActiveMutant.Is";

    /// <summary>The program that runs the engine's tests.</summary>
    public string TestProgram => Directory.EnumerateFiles(Path.Combine(folder, Tests, "bin"), "PrefectPS.Engine.Tests.dll", SearchOption.AllDirectories).Single();

    /// <summary>Copies, mutates and builds. A mutant that does not compile is left out, and it is built again.</summary>
    /// <returns>The mutants that are in it, by their number.</returns>
    public Dictionary<int, Mutant> Build(IReadOnlyList<Mutant> sample)
    {
        Copy();
        var active = sample.Select((mutant, number) => (mutant, number)).ToDictionary(each => each.number, each => each.mutant);
        while (true)
        {
            Write(active);
            var (exitCode, output) = Run("dotnet", ["build", Tests, "-v", "q", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false"]);
            if (exitCode == 0)
                return active;
            var refused = Errors().Matches(output).SelectMany(error => NumbersAt(error.Groups["file"].Value, int.Parse(error.Groups["line"].Value, CultureInfo.InvariantCulture)));
            if (refused.Where(active.Remove).ToList().Count == 0)
                throw new InvalidOperationException(output);
        }
    }

    // An error that follows from a mutant may be reported further down: then it is the nearest one above.
    private static int[] NumbersAt(string file, int line) =>
        File.ReadLines(file).Take(line).Reverse()
            .Select(text => Switches().Matches(text).Select(found => int.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture)).ToArray())
            .FirstOrDefault(numbers => numbers.Length > 0, []);

    private void Write(Dictionary<int, Mutant> mutants)
    {
        File.WriteAllText(Path.Combine(folder, "src/PrefectPS.Engine/ActiveMutant.cs"), MutatedSource.Switch);
        File.WriteAllText(Path.Combine(folder, Tests, "MutantReach.cs"), MutatedSource.Reach);
        foreach (var file in mutants.GroupBy(mutant => mutant.Value.File))
        {
            var text = File.ReadAllText(Path.Combine(repository, file.Key));
            foreach (var (number, mutant) in file.OrderByDescending(mutant => mutant.Value.Span.Start))
            {
                var now = text.Substring(mutant.Span.Start, mutant.Span.Length);
                text = string.Concat(
                    text.AsSpan(0, mutant.Span.Start),
                    mutant.Replace($"{Switch}({number.ToString(CultureInfo.InvariantCulture)})", now),
                    text.AsSpan(mutant.Span.End));
            }

            File.WriteAllText(Path.Combine(folder, file.Key), text);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "src/PrefectPS.Engine"), "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!mutants.Values.Any(mutant => mutant.File == path) && File.Exists(Path.Combine(repository, path)))
                File.Copy(Path.Combine(repository, path), file, overwrite: true);
        }
    }

    private void Copy()
    {
        var (_, files) = Run("git", ["-C", repository, "ls-files"]);
        foreach (var file in files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(repository, file))))
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(repository, file), target, overwrite: true);
        }
    }

    private (int ExitCode, string Output) Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = folder })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^(?<file>\S[^(\n]*)\((?<line>\d+),\d+\): error ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Errors();

    [GeneratedRegex(@"ActiveMutant\.Is\((?<number>\d+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Switches();
}
