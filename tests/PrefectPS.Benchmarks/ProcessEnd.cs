using System.Diagnostics;

namespace PrefectPS.Benchmarks;

/// <summary>How a process ended that was waited for.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it wrote of errors.</param>
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

    /// <summary>That it failed.</summary>
    /// <param name="what">What was run.</param>
    public InvalidOperationException ToException(string what) => new($"'{what}' ended with exit code {Code}.\n{Output}\n{Error}");
}
