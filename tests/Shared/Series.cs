using System.Globalization;

namespace PrefectPS.Tests.Shared;

/// <summary>Tests over many cases by chance: a sample of them, or with PREFECTPS_SOAK=1 all; the same ones for the same PREFECTPS_SEED.</summary>
internal static class Series
{
    private const string SeedName = "PREFECTPS_SEED";

    /// <summary>Whether series run whole.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("PREFECTPS_SOAK") == "1";

    private static int Seed { get; } = Environment.GetEnvironmentVariable(SeedName) is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    /// <summary>How many cases this run tries.</summary>
    public static int Cases(int sample, int whole) => IsWhole ? whole : sample;

    /// <summary>The seed of this run; the test's output says it, so that a failure can be repeated.</summary>
    public static int PrintedSeed()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedName}={Seed}{(IsWhole ? " PREFECTPS_SOAK=1" : string.Empty)}");
        return Seed;
    }

    /// <summary>Some of many, in their order: as many as the sample has, or all.</summary>
    public static T[] Sample<T>(IReadOnlyList<T> all, int sample)
    {
        if (IsWhole || all.Count <= sample)
            return [.. all];
        var numbers = Enumerable.Range(0, all.Count).ToArray();
        new Random(PrintedSeed()).Shuffle(numbers);
        return [.. numbers.Take(sample).Order().Select(number => all[number])];
    }

    /// <summary>The chance of one case: the same for the same seed and number.</summary>
    public static Random Chance(int seed, int number) => new(unchecked((seed * 31) + number));
}
