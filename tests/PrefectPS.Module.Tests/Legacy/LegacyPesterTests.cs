using PrefectPS.Module.Tests.Pester;
using PrefectPS.Module.Tests.Support;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>Every <c>It</c> of <c>tests/Pester</c> holds for the build for Windows PowerShell 5.1, too, as far as pwsh can run that build.</summary>
public sealed class LegacyPesterTests
{
    private const int FilesInSample = 24;

    public static async Task<IEnumerable<TheoryDataRow<PesterOutcome>>> Its() =>
        (await PesterFolder.RunAsync(Series.Sample(new PesterFolder(Repository.PesterTests).Files, FilesInSample), "netstandard2.0", TestContext.Current.CancellationToken))
            .Select(it => (it with { Name = $"netstandard2.0, {it.Name}" }).ToRow());

    [Theory]
    [MemberData(nameof(Its), DisableDiscoveryEnumeration = true)]
    public void Holds(PesterOutcome it) => it.Check();
}
