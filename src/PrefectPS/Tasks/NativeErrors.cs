using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Tasks;

/// <summary>Adds the standard error of a failed program to its error, because the exit code rarely explains the failure.</summary>
internal static class NativeErrors
{
    /// <summary>The error id of a program's first line, and the prefix of those of further lines.</summary>
    public const string Line = "NativeCommandError";

    private const string ProgramFailed = "ProgramExitedWithNonZeroCode";
    private const string NextLine = "NativeCommandErrorMessage";
    private const int MaxLength = 2000; // characters; the newest

    /// <summary>The failure, with what the program wrote.</summary>
    /// <param name="failed">The failure.</param>
    /// <param name="written">The body's error stream.</param>
    public static TaskFailedException Complete(TaskFailedException failed, IEnumerable<ErrorRecord> written)
    {
        if (failed.Error is not { Id: ProgramFailed, Record: ErrorRecord { InvocationInfo: { } place } })
            return failed;
        var text = string.Join("\n", LinesOf(place, written)).Trim();
        if (text.Length == 0)
            return failed;
        if (text.Length > MaxLength)
            text = $"…{text.Substring(text.Length - MaxLength)}";
        return new(failed.Error with { Message = $"{failed.Error.Message} It wrote: {text}" }, failed.InnerException);
    }

    /// <summary>True if a record is standard error output of a program.</summary>
    public static bool IsOutput(ErrorRecord record) => record.FullyQualifiedErrorId.StartsWith(Line, StringComparison.Ordinal);

    /// <summary>The output of programs of a task in the session, the oldest first: from the streams, or otherwise from $Error.</summary>
    public static IEnumerable<ErrorRecord> OfSession(ITaskOutput? task) =>
        SessionStreams.ErrorsOf(task) ?? (StepSession.Current?.Errors is { } errors ? errors.ToArray().OfType<ErrorRecord>().Reverse() : []);

    // Only the first line has the position of the call. In a loop, the last call counts.
    private static List<string> LinesOf(InvocationInfo place, IEnumerable<ErrorRecord> written)
    {
        var lines = new List<string>();
        var isOurs = false;
        foreach (var record in written.Where(IsOutput))
        {
            if (!record.FullyQualifiedErrorId.StartsWith(NextLine, StringComparison.Ordinal))
            {
                isOurs = record.InvocationInfo is { } other && other.ScriptLineNumber == place.ScriptLineNumber && other.OffsetInLine == place.OffsetInLine;
                if (isOurs)
                    lines.Clear();
            }

            if (isOurs)
                lines.Add(record.ToString());
        }

        return lines;
    }
}
