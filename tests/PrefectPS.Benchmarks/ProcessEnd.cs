using System.Diagnostics;

namespace PrefectPS.Benchmarks;

/// <summary>The result of a process.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">Its error output.</param>
internal sealed record ProcessEnd(int Code, string Output, string Error)
{
    /// <summary>Runs a process to its end.</summary>
    public static ProcessEnd Of(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    /// <summary>Creates the exception of a failed process.</summary>
    /// <param name="what">What was run.</param>
    public InvalidOperationException ToException(string what) => new($"'{what}' ended with exit code {Code}.\n{Output}\n{Error}");
}
