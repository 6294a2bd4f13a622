using System.Diagnostics;
using System.Text;

namespace PrefectPS.Tests.Shared;

/// <summary>The PowerShell that <c>.config/dotnet-tools.json</c> pins, restored on first use: what users have, not its engine alone.</summary>
internal static class RealPowerShell
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private static readonly Lazy<Task> Restored = new(RestoreAsync);

    /// <summary>Runs pwsh with these arguments to its end, without standard input.</summary>
    /// <param name="arguments">As pwsh takes them.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="TimeoutException">It has not ended within eight minutes, and was killed.</exception>
    public static async Task<PowerShellExit> RunAsync(
        IEnumerable<string> arguments, Dictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        await Restored.Value;
        return await RunDotNetAsync(["tool", "run", "pwsh", "--", "-NoProfile", "-NonInteractive", .. arguments], environment, cancellationToken);
    }

    /// <summary>Runs a script; its first terminating error, or any exit code but 0, fails the test.</summary>
    /// <param name="script">The script's text; it gets the arguments as strings.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The lines of its output.</returns>
    public static async Task<string[]> RunScriptAsync(string script, IEnumerable<string> arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"prefectps-{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(file, script);
        try
        {
            var exit = await RunAsync(["-File", file, .. arguments], [], TestContext.Current.CancellationToken);
            Assert.True(exit.Code == 0, $"pwsh ended with exit code {exit.Code}.\n{exit.Output}\n{exit.Error}");
            return exit.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RestoreAsync()
    {
        var exit = await RunDotNetAsync(["tool", "restore"], [], CancellationToken.None);
        if (exit.Code != 0)
            throw new InvalidOperationException($"'dotnet tool restore' failed with exit code {exit.Code}.\n{exit.Tail}");
    }

    private static async Task<PowerShellExit> RunDotNetAsync(
        IEnumerable<string> arguments, Dictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Checkout.Root, // where the manifest of tools is
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // A PowerShell must find its own modules, whichever one these tests were started from.
        start.Environment.Remove("PSModulePath");
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'dotnet {string.Join(' ', start.ArgumentList)}' has not ended within {Patience}.", e);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
