using System.Diagnostics;
using System.Text;

namespace PrefectPS.Tests.Shared;

/// <summary>The PowerShell that <c>.config/dotnet-tools.json</c> pins, restored on first use: what users have, not its engine alone.</summary>
internal static class RealPowerShell
{
    private const string Tools = ".config/dotnet-tools.json";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task> Restored = new(() => RunAsync(["tool", "restore"]));

    /// <summary>The root of this checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Runs a script without a profile; its first terminating error, or any exit code but 0, fails the test.</summary>
    /// <param name="script">The script's text; it gets the arguments as strings.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The lines of its output.</returns>
    public static async Task<string[]> RunAsync(string script, IEnumerable<string> arguments)
    {
        await Restored.Value;
        var file = Path.Combine(Path.GetTempPath(), $"prefectps-{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(file, script);
        try
        {
            return await RunAsync(["pwsh", "-NoProfile", "-NonInteractive", "-File", file, .. arguments]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string[]> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // A PowerShell must find its own modules, whichever one these tests were started from.
        start.Environment.Remove("PSModulePath");
        start.Environment["NO_COLOR"] = "1";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"'dotnet {arguments[0]}' ended with exit code {process.ExitCode}.\n{await output}\n{error}");
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Tools)))
                return folder;
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' has {Tools}.");
    }
}
