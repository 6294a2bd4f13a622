using System.Globalization;
using System.Text.RegularExpressions;

namespace PrefectPS.Mutation;

/// <summary>Which tests reach which mutants, and how long each takes. A mutant is tried with the tests that reach it, the short ones first.</summary>
internal sealed class Reach
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (TimeSpan Time, HashSet<int> Mutants)> _tests = new(StringComparer.Ordinal);

    /// <summary>The tests that failed without any mutant: they say nothing about one.</summary>
    public IReadOnlyCollection<string> Failed { get; private set; } = [];

    /// <summary>Reads what the tests wrote. The cases of a theory are one test.</summary>
    /// <param name="path">The file that they wrote to.</param>
    /// <param name="output">What their program said.</param>
    public static Reach Read(string path, string output)
    {
        var reach = new Reach();
        foreach (var fields in File.ReadLines(path).Select(line => line.Split('\t')))
        {
            var (time, mutants) = reach._tests.GetValueOrDefault(fields[1], (TimeSpan.Zero, []));
            mutants.UnionWith(fields[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture)));
            reach._tests[fields[1]] = (time + TimeSpan.FromMilliseconds(int.Parse(fields[0], CultureInfo.InvariantCulture)), mutants);
        }

        reach.Failed = [.. reach._tests.Keys.Where(test => Regex.IsMatch(output, $@"^failed {Regex.Escape(test)}[ (]", RegexOptions.Multiline, TimeSpan.FromSeconds(10)))];
        foreach (var failed in reach.Failed)
            reach._tests.Remove(failed);
        return reach;
    }

    /// <summary>The tests for a mutant: some short ones, by which most die, then all others; with the time they took.</summary>
    /// <param name="number">The mutant's number.</param>
    /// <param name="isOnce">It is reached once in a process, by whichever test comes first: any test may depend on it. So it may be where one test reaches it.</param>
    public IEnumerable<(TimeSpan Time, string[] Tests)> RoundsFor(int number, bool isOnce)
    {
        isOnce |= _tests.Count(test => test.Value.Mutants.Contains(number)) <= 1;
        var tests = _tests.Where(test => isOnce || test.Value.Mutants.Contains(number)).OrderBy(test => test.Value.Time).ToList();
        var total = TimeSpan.Zero;
        var first = tests.TakeWhile(test => (total += test.Value.Time) <= Short).Count();
        return new[] { tests[..first], tests[first..] }
            .Where(round => round.Count > 0)
            .Select(round => (round.Aggregate(TimeSpan.Zero, (sum, test) => sum + test.Value.Time), round.ConvertAll(test => test.Key).ToArray()));
    }
}
