using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Pester;

/// <summary>Whatever keeps an <c>It</c> from passing is seen.</summary>
public sealed class PesterFolderTests
{
    [Fact]
    public async Task Each_It_and_each_failure_outside_of_one_has_an_outcome()
    {
        var outcomes = await RunAsync(
            ("Good.Tests.ps1", "Describe 'Good' { It 'passes <n>' -ForEach @{ n = 1 }, @{ n = 2 } { $n | Should -BeLessThan 3 }; It 'waits' -Skip { } }"),
            ("Bad.Tests.ps1", "Describe 'Bad' {\n It 'fails' {\n 'a' | Should -BeExactly 'A' } }"),
            ("Before.Tests.ps1", "Describe 'Before' { BeforeAll { throw 'no server' }\n It 'cannot run' { } }"),
            ("Syntax.Tests.ps1", "Describe 'Syntax' {\n It 'cannot be read' { }"));

        Assert.Equal(["Passed", "Passed", "Skipped"], outcomes.Where(o => o.Name.StartsWith("Good: ", StringComparison.Ordinal)).Select(o => o.Result));
        AssertFailed(outcomes, "Bad: fails", "Bad.Tests.ps1:2", "expected"); // the line is that of the It; the message has that of the assertion
        AssertFailed(outcomes, "Bad: fails", "Bad.Tests.ps1:2", "Bad.Tests.ps1:3");
        AssertFailed(outcomes, "Before: cannot run", "Before.Tests.ps1:2", null);
        AssertFailed(outcomes, "Before: Before (outside of any It)", "Before.Tests.ps1:1", "no server");
        AssertFailed(outcomes, "Syntax: the file (outside of any It)", "Syntax.Tests.ps1:0", "Missing closing '}'");
        AssertFailed(outcomes, "Syntax: cannot be read", "Syntax.Tests.ps1:2", "did not run");
    }

    [Fact]
    public async Task Every_It_that_a_dying_pwsh_left_out_has_failed()
    {
        var outcomes = await RunAsync(
            ("A.Tests.ps1", "Describe 'A' { It 'passes' { } }"),
            ("B.Tests.ps1", "Describe 'B' { It 'kills' { [Environment]::Exit(7) }\n It 'never runs' { } }"),
            ("C.Tests.ps1", "Describe 'C' { It 'never runs' { } }"));

        Assert.Equal("Passed", Assert.Single(outcomes, o => o.Name == "A: passes").Result);
        AssertFailed(outcomes, "B: kills", "B.Tests.ps1:1", "did not run");
        AssertFailed(outcomes, "B: never runs", "B.Tests.ps1:2", "did not run");
        AssertFailed(outcomes, "C: never runs", "C.Tests.ps1:1", "did not run");
        AssertFailed(outcomes, "pwsh ended in B.Tests.ps1", "B.Tests.ps1", "exit code 7");
        Assert.Equal(5, outcomes.Count);
    }

    private static async Task<IReadOnlyList<PesterOutcome>> RunAsync(params (string Name, string Content)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in files)
            await File.WriteAllTextAsync(folder[name], content, TestContext.Current.CancellationToken);
        return await PesterFolder.RunAsync(new PesterFolder(folder.Path).Files, build: null, TestContext.Current.CancellationToken);
    }

    private static void AssertFailed(IEnumerable<PesterOutcome> outcomes, string name, string place, string? message)
    {
        var outcome = Assert.Single(outcomes, o => o.Name == name);
        Assert.Equal(place, outcome.Place);
        Assert.Contains(message ?? string.Empty, outcome.Message, StringComparison.OrdinalIgnoreCase);
        Assert.ThrowsAny<Exception>(outcome.Check);
    }
}
