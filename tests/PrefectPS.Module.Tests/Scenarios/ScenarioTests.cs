using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Scenarios;

/// <summary>Runs every check of <c>tests/scenarios</c>, each in a session of its own.</summary>
public sealed class ScenarioTests
{
    private static readonly string Words = Path.Combine(Repository.Scenarios, "Scenario.psm1");

    public static TheoryData<string, string> Checks()
    {
        using var session = ModuleSession.Open(Words);
        var checks = new TheoryData<string, string>();
        foreach (var file in Directory.EnumerateFiles(Repository.Scenarios, "*.ps1").Order(StringComparer.Ordinal))
        {
            foreach (var check in session.Run("Get-Scenario $args[0]", file).Output)
                checks.Add(Path.GetFileNameWithoutExtension(file), (string)check!);
        }

        return checks;
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Holds(string file, string check)
    {
        using var session = ModuleSession.Open();
        session.Run("Import-Module $args[0]", Words);
        try
        {
            var outcome = session.Run("Invoke-Scenario $args[0] $args[1]", Path.Combine(Repository.Scenarios, file + ".ps1"), check);
            Assert.Empty(outcome.Errors);
        }
        catch (RuntimeException e)
        {
            Assert.Fail($"{e.Message}\n{e.ErrorRecord.ScriptStackTrace}");
        }
    }
}
