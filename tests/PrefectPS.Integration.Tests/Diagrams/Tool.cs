using System.ComponentModel;
using System.Diagnostics;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Diagrams;

/// <summary>A program that transforms standard input to standard output.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What the program writes; its error output and a bad exit code fail the test.</summary>
    /// <exception cref="EmulatorMissingException">It is not here.</exception>
    public static async Task<string> RunAsync(string program, string[] arguments, string input, string folder, string remedy)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{program}: {await error}");
            Assert.Empty(await error);
            return await output;
        }
        catch (Win32Exception e)
        {
            throw new EmulatorMissingException($"'{program}' cannot be started: {remedy}. {e.Message}");
        }
    }
}
