using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The reference engine's recorded behaviour, row by row.</summary>
public sealed class BehaviourTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public static IEnumerable<TheoryDataRow<string, string>> Rows() =>
        ReferenceRow.All().Where(row => !Exclusions.Has(row)).Select(row => new TheoryDataRow<string, string>(row.Section, row.Name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_row_of_the_reference_engines_behaviour_holds(string section, string name)
    {
        var row = ReferenceRow.Get(section, name);
        var seen = Trials.Run(row, _folder);
        Assert.True(seen is not null, $"Nothing runs the row '{row.Key}': give it a flow in {nameof(Trials)}, or a reason in {nameof(Exclusions)}.");

        var facts = ReferenceFacts.Of(row);
        Assert.NotEmpty(facts);
        Departures.Apply(row, facts);
        Assert.Equal(Lines(facts.Keys, path => facts[path]), Lines(facts.Keys, seen!.Tell));
    }

    [Fact]
    public void Every_excluded_or_differing_row_still_exists()
    {
        var recorded = ReferenceRow.All().Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Exclusions.Keys.Concat(Departures.Keys).Except(recorded));
        Assert.Empty(Exclusions.Keys.Intersect(Departures.Keys));
    }

    private static string Lines(IEnumerable<string> paths, Func<string, string> text) =>
        string.Join('\n', paths.Select(path => $"{path}: {text(path)}"));
}
