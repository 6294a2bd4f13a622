using System.Diagnostics;

namespace PrefectPS.Module.Tests.Support;

/// <summary>The real pwsh, of the version that <c>.config/dotnet-tools.json</c> pins; restored on first use.</summary>
internal static class PowerShellTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task> Restored = new(RestoreAsync);

    /// <summary>Runs pwsh with these arguments to its end.</summary>
    /// <param name="arguments">As pwsh takes them.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<PowerShellExit> RunAsync(
        IEnumerable<string> arguments, Dictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        await Restored.Value;
        return await RunDotNetAsync(["tool", "run", "pwsh", "--", .. arguments], environment, cancellationToken);
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
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root, // where the manifest of tools is
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
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
