using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Pester;

/// <summary>Every <c>It</c> of <c>tests/Pester</c>, as a test of its own, in the real pwsh.</summary>
public sealed class PesterTests
{
    public static async Task<IEnumerable<TheoryDataRow<PesterOutcome>>> Its() =>
        (await PesterFolder.RunAsync(new PesterFolder(Repository.PesterTests).Files, build: null, TestContext.Current.CancellationToken)).Select(it => it.ToRow());

    // The files run when the rows are read, so that is not before the test itself runs.
    [Theory]
    [MemberData(nameof(Its), DisableDiscoveryEnumeration = true)]
    public void Holds(PesterOutcome it) => it.Check();
}
