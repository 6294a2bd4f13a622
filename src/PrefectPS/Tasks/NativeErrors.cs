using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Tasks;

/// <summary>What a program that failed has written to its standard error: its exit code alone rarely says why.</summary>
internal static class NativeErrors
{
    /// <summary>The id of the first line that a program writes; those of the others begin with it.</summary>
    public const string Line = "NativeCommandError";

    private const string ProgramFailed = "ProgramExitedWithNonZeroCode";
    private const string NextLine = "NativeCommandErrorMessage";
    private const int MaxLength = 2000; // characters; the newest

    /// <summary>The failure, with what the program wrote.</summary>
    /// <param name="failed">The failure.</param>
    /// <param name="written">What was written to the body's error stream.</param>
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

    /// <summary>Whether a record is what a program wrote to its standard error.</summary>
    public static bool IsOutput(ErrorRecord record) => record.FullyQualifiedErrorId.StartsWith(Line, StringComparison.Ordinal);

    /// <summary>What programs of a task in the session have written, the oldest first: what came by, or else what the session keeps.</summary>
    public static IEnumerable<ErrorRecord> OfSession(ITaskOutput? task) =>
        SessionStreams.ErrorsOf(task) ?? (StepSession.Current?.Errors is { } errors ? errors.ToArray().OfType<ErrorRecord>().Reverse() : []);

    // Its first line says where the program is called; those after it do not. Of a call in a loop the last one counts.
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
