using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Results;

public class TargetGuideTests
{
    [Fact]
    public void The_guide_has_a_row_for_every_variable_of_targets()
    {
        using var session = ModuleSession.Open();
        var error = Assert.ThrowsAny<RuntimeException>(() => session.Run("New-Flow bad -Store . -Target '{nonsense}'"));
        var list = error.Message[(error.Message.IndexOf("there are ", StringComparison.Ordinal) + "there are ".Length)..error.Message.IndexOf(';',
            error.Message.IndexOf("there are ", StringComparison.Ordinal))];
        var names = list.Split(", ");
        Assert.Contains("task_run_id", names);
        Assert.Empty(names.Except(Rows()));
    }

    private static IEnumerable<string> Rows() =>
        from line in File.ReadLines(Path.Combine(Repository.Root, "docs", "results.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        from name in line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1)
        select name;
}
