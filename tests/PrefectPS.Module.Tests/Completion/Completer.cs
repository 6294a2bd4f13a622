using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Completion;

/// <summary>Asks a session, as its console does on the Tab key, how a line may go on.</summary>
internal static class Completer
{
    private const char Cursor = '¦';

    /// <summary>What may stand at the cursor, in the order it is shown.</summary>
    /// <param name="session">The session.</param>
    /// <param name="line">The text, with <c>¦</c> where the cursor is; at its end where there is none.</param>
    public static string[] Complete(this ModuleSession session, string line)
    {
        using var shell = session.Prepare(string.Empty);
        shell.Commands.Clear();
        var cursor = line.IndexOf(Cursor, StringComparison.Ordinal);
        var text = cursor < 0 ? line : line.Remove(cursor, 1);
        var completion = CommandCompletion.CompleteInput(text, cursor < 0 ? text.Length : cursor, options: null, shell);
        return [.. completion.CompletionMatches.Select(match => match.CompletionText)];
    }
}
