using System.Diagnostics;
using System.Management.Automation;

namespace PrefectPS.Module.Tests.Support;

/// <summary>A PowerShell session in a new process of this same program.</summary>
internal static class SessionProcess
{
    /// <summary>The first argument of such a process.</summary>
    public const string Mark = "--session";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script in a new process, in a session without the module.</summary>
    /// <returns>The lines of its output; an error of the script fails the test.</returns>
    public static async Task<string[]> RunAsync(string script, params string[] arguments)
    {
        using var process = Process.Start(Describe([Mark, script, .. arguments]))!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, error);
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The new process's side.</summary>
    public static int Serve(string script, string[] arguments)
    {
        using var session = ModuleSession.OpenBare();
        try
        {
            foreach (var line in session.Run(script, [.. arguments]).Output)
                Console.WriteLine(line);
            return 0;
        }
        catch (RuntimeException e)
        {
            Console.Error.WriteLine($"{e.Message}\n{e.ErrorRecord.ScriptStackTrace}");
            return 1;
        }
    }

    private static ProcessStartInfo Describe(string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var isLauncher = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new(program, isLauncher ? [typeof(SessionProcess).Assembly.Location, .. arguments] : arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
