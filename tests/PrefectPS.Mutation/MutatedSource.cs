namespace PrefectPS.Mutation;

/// <summary>The code added to a mutated copy: the mutants' switch, and the record of the tests that reach them.</summary>
internal static class MutatedSource
{
    /// <summary>Says whether a mutant is active. Without an active one it can note those that are reached.</summary>
    public const string Switch = $$"""
        namespace PrefectPS;

        internal static class ActiveMutant
        {
            public static readonly bool[]? Reached =
                System.Environment.GetEnvironmentVariable("{{MutatedTree.ReachVariable}}") is null ? null : new bool[100_000];

            private static readonly int Active =
                int.TryParse(System.Environment.GetEnvironmentVariable("{{MutatedTree.Variable}}"), out var number) ? number : -1;

            public static bool Is(int number)
            {
                if (Reached is { } reached)
                    reached[number] = true;
                return Active == number;
            }
        }
        """;

    /// <summary>After each test, writes a line with its milliseconds, its name and the mutants that it reached. Tests must not run side by side then.</summary>
    public const string Reach = $$"""
        [assembly: PrefectPS.Engine.Tests.MutantReach]

        namespace PrefectPS.Engine.Tests;

        [System.AttributeUsage(System.AttributeTargets.Assembly)]
        internal sealed class MutantReachAttribute : Xunit.v3.BeforeAfterTestAttribute
        {
            private static readonly string? Path = System.Environment.GetEnvironmentVariable("{{MutatedTree.ReachVariable}}");
            private static readonly System.Diagnostics.Stopwatch Time = System.Diagnostics.Stopwatch.StartNew();

            public override void After(System.Reflection.MethodInfo methodUnderTest, Xunit.v3.IXunitTest test)
            {
                if (Path is null)
                    return;
                var reached = ActiveMutant.Reached!;
                var numbers = string.Join(',', System.Linq.Enumerable.Where(System.Linq.Enumerable.Range(0, reached.Length), number => reached[number]));
                System.Array.Clear(reached);
                System.IO.File.AppendAllText(Path, $"{Time.ElapsedMilliseconds}\t{methodUnderTest.ReflectedType!.FullName}.{methodUnderTest.Name}\t{numbers}\n");
                Time.Restart();
            }
        }
        """;
}
