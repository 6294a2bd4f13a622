using System.Diagnostics;

namespace PrefectPS.Module.Tests.Pester;

/// <summary>What became of one <c>It</c>, or of what must go well for any to run.</summary>
/// <param name="Name">File, blocks and <c>It</c>.</param>
/// <param name="Place">File and line.</param>
/// <param name="Result">Passed, Skipped, Failed, or what else Pester says.</param>
/// <param name="Message">Why it is not Passed.</param>
public sealed record PesterOutcome(string Name, string Place, string Result, string? Message)
{
    private const string Passed = nameof(Passed);
    private const string Skipped = nameof(Skipped);

    /// <summary>The row that makes it one test with its own name.</summary>
    public TheoryDataRow<PesterOutcome> ToRow() =>
        new(this) { TestDisplayName = Name, Label = string.Empty, Skip = Result == Skipped ? $"Skipped at {Place}." : null };

    /// <summary>Fails the test unless it passed.</summary>
    [StackTraceHidden] // the message has the place that matters
    public void Check()
    {
        if (Result != Passed)
            Assert.Fail($"{Place}: {(string.IsNullOrWhiteSpace(Message) ? $"it is {Result}, see the other failures of its file" : Message)}");
    }

    public override string ToString() => Name;
}
