using System.Management.Automation.Language;
using System.Reflection;
using System.Text.Json;
using PrefectPS.Module.Tests.Support;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Module.Tests.Pester;

/// <summary>A folder of Pester files, run in pwsh.</summary>
/// <remarks>Every <c>It</c> that stands in a file has an outcome: one that did not run has failed, whatever kept it from running.</remarks>
internal sealed class PesterFolder(string folder)
{
    // Each pwsh has minutes to end in, which must do on a slow machine, too.
    private const int FilesInOneProcess = 14;

    private static readonly string Pester = Path.Combine(
        typeof(PesterFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Pester").Value!, "Pester.psd1");

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Pester", "Invoke-PesterFile.ps1");

    /// <summary>The files, in their order.</summary>
    public string[] Files => [.. Directory.EnumerateFiles(folder, "*.Tests.ps1").Order(StringComparer.Ordinal)];

    /// <summary>Runs files.</summary>
    /// <param name="some">The files.</param>
    /// <param name="build">The module's build to test; null for the one that fits pwsh.</param>
    /// <param name="cancellationToken">Stops pwsh.</param>
    public static async Task<IReadOnlyList<PesterOutcome>> RunAsync(string[] some, string? build, CancellationToken cancellationToken)
    {
        var outcomes = new List<PesterOutcome>();
        foreach (var files in some.Chunk(FilesInOneProcess))
            outcomes.AddRange(await RunInOneAsync(files, build, cancellationToken));
        return outcomes;
    }

    private static async Task<IEnumerable<PesterOutcome>> RunInOneAsync(string[] files, string? build, CancellationToken cancellationToken)
    {
        using var temporary = new TemporaryFolder();
        var report = temporary["report.jsonl"];
        var ended = await RealPowerShell.RunAsync(
            ["-ExecutionPolicy", "Bypass", "-File", Script, Pester, report, .. files],
            new() { ["PREFECTPS_BUILD"] = build },
            cancellationToken);
        var records = File.Exists(report) ? [.. File.ReadLines(report).Select(Read)] : Array.Empty<PesterRecord>();
        return [.. OutcomesOf(records), .. Missing(files, records), .. EarlyEnd(ended, records)];
    }

    private static PesterRecord Read(string line) =>
        JsonSerializer.Deserialize<PesterRecord>(line) ?? throw new InvalidDataException($"'{line}' is no record of a Pester run.");

    private static IEnumerable<PesterOutcome> OutcomesOf(IEnumerable<PesterRecord> records) =>
        from record in records
        where record.Kind is PesterRecordKind.It or PesterRecordKind.Failure
        let name = record.Kind == PesterRecordKind.It ? record.Name : $"{record.Name} (outside of any It)"
        select new PesterOutcome(NameOf(record.File, name), $"{record.File}:{record.Line}", record.Result ?? "Failed", record.Message);

    private static string NameOf(string file, string? name) =>
        // A file's outermost block is usually named after it: once is enough.
        file.Replace(".Tests.ps1", string.Empty, StringComparison.Ordinal) is var area && name!.StartsWith(area + ".", StringComparison.Ordinal)
            ? $"{area}: {name[(area.Length + 1)..]}"
            : $"{area}: {name}";

    private static IEnumerable<PesterOutcome> Missing(string[] files, IReadOnlyCollection<PesterRecord> records)
    {
        var ran = records.Where(record => record.Kind == PesterRecordKind.It).Select(record => (record.File, record.Line)).ToHashSet();
        return
            from path in files
            let file = Path.GetFileName(path)
            from it in ItsOf(path)
            let line = it.Extent.StartLineNumber
            where !ran.Contains((file, line))
            let name = it.CommandElements[1] is StringConstantExpressionAst constant ? constant.Value : it.CommandElements[1].Extent.Text
            select new PesterOutcome(NameOf(file, name), $"{file}:{line}", "NotRun", "It did not run.");
    }

    private static IEnumerable<CommandAst> ItsOf(string path) =>
        Parser.ParseFile(path, out _, out _)
            .FindAll(ast => ast is CommandAst command && command.CommandElements.Count > 1 && command.GetCommandName() is "It", searchNestedScriptBlocks: true)
            .Cast<CommandAst>();

    private static IEnumerable<PesterOutcome> EarlyEnd(PowerShellExit ended, IReadOnlyCollection<PesterRecord> records)
    {
        var last = records.LastOrDefault();
        if (ended.Code == 0 && last?.Kind == PesterRecordKind.End)
            yield break;
        var place = last is null ? "before the first file" : last.Kind == PesterRecordKind.End ? $"after {last.File}" : $"in {last.File}";
        yield return new($"pwsh ended {place}", last?.File ?? "pwsh", "Failed", $"pwsh ended with exit code {ended.Code} {place}.\n{ended.Tail}");
    }
}
