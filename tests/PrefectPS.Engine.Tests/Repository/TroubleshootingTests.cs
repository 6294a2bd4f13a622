using System.Reflection;

namespace PrefectPS.Engine.Tests.Repository;

/// <summary><c>about_FlowTroubleshooting</c> has a remedy for every error.</summary>
public class TroubleshootingTests
{
    private const string Why = "    Why: ";
    private const string Do = "    Do:  ";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "about_FlowTroubleshooting.help.txt"));

    public static TheoryData<string> Ids() =>
        [.. typeof(FlowErrorId).GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Select(id => (string)id.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_error_id_has_an_entry(string id) => Assert.Contains(Entries(), entry => entry[0].StartsWith($"    {id}", StringComparison.Ordinal));

    [Fact]
    public void Each_entry_says_why_and_then_what_to_do_within_80_columns()
    {
        Assert.All(Entries(), entry =>
        {
            Assert.StartsWith(Why, entry[1], StringComparison.Ordinal);
            Assert.Single(entry, line => line.StartsWith(Why, StringComparison.Ordinal));
            Assert.Single(entry, line => line.StartsWith(Do, StringComparison.Ordinal));
        });
        Assert.All(Lines, line => Assert.InRange(line.Length, 0, 79));
    }

    // What stands together after the introduction, until the topics to see.
    private static List<string[]> Entries()
    {
        var entries = new List<string[]>();
        var entry = new List<string>();
        foreach (var line in Lines.SkipWhile(line => line != "LONG DESCRIPTION").TakeWhile(line => line != "SEE ALSO").Skip(1).SkipWhile(line => line.Length > 0))
        {
            if (line.Length > 0)
                entry.Add(line);
            else if (entry.Count > 0)
                Add();
        }

        if (entry.Count > 0)
            Add();
        return entries;

        void Add()
        {
            entries.Add([.. entry]);
            entry.Clear();
        }
    }
}
