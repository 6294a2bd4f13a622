using System.Globalization;
using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>
/// Replays a schedule from its text: <c>A</c> lets process A pass one call, <c>A*12</c> twelve, <c>A*</c> all remaining, <c>A@[write */results/*]</c>
/// those before the first match; <c>A!die</c>, <c>A!fail</c>, <c>A!lose</c>, <c>A!stray</c>, <c>A!fire</c> and <c>A!wait</c> are kinds of <see
/// cref="MoveKind"/>; <c>land</c> lets a stray call take effect. At the end of the text, each process runs to its end.
/// </summary>
internal sealed partial class ScriptedScheduler(string script) : IScheduler
{
    private readonly Queue<Match> _words = new(Word().Matches(script));
    private int _passed;

    public Move Choose(IReadOnlyList<Move> moves)
    {
        while (_words.TryPeek(out var word))
        {
            IReadOnlyList<Move> options = word.Groups["process"] is { Success: true } process
                ? [.. moves.Where(move => move.Process?.Name == process.Value)]
                : [.. moves.Where(move => move.ToString() == word.Value)];
            if (!IsDone(word, options))
                return MoveOf(word, options) ?? throw new InvalidOperationException($"'{word.Value}' of '{script}' cannot be done now.");
            _words.Dequeue();
            _passed = 0;
        }

        return moves[0];
    }

    private bool IsDone(Match word, IReadOnlyList<Move> options) =>
        word.Groups["all"].Success ? options.Count == 0
        : word.Groups["call"] is { Success: true } call ? options is [{ Process: { } process }, ..] && process.Next.Matches(call.Value)
        : _passed == (word.Groups["count"] is { Success: true } count ? int.Parse(count.Value, CultureInfo.InvariantCulture) : 1);

    private Move? MoveOf(Match word, IReadOnlyList<Move> options)
    {
        if (options.FirstOrDefault(option => option.Kind == MoveKind.Turn) is { } turn)
            return turn;
        _passed++;
        var kind = word.Groups["kind"] is { Success: true } given ? given.Value : nameof(MoveKind.Go);
        return options.FirstOrDefault(option => string.Equals(option.Kind.ToString(), kind, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"(?<kind>land)|(?<process>[A-Z])(\*(?<count>\d+)|(?<all>\*)|@\[(?<call>[^]]*)\]|!(?<kind>\w+))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
