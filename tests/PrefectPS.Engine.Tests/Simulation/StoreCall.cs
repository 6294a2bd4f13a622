using System.IO.Enumeration;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Something that a process is about to do, at which it can be held up.</summary>
/// <param name="Name">What: read, write, delete, list, body, sleep or begin.</param>
/// <param name="Target">The path, or the task.</param>
internal sealed record StoreCall(string Name, string Target)
{
    /// <summary>Whether the call changes the store.</summary>
    public bool Writes => Name is "write" or "delete";

    /// <summary>Whether the call goes to the store at all.</summary>
    public bool IsOfStore => Name is not ("body" or "begin" or Sleep);

    /// <summary>Waiting for a time: others go on meanwhile.</summary>
    public const string Sleep = "sleep";

    /// <summary>
    /// Whether the engine may hold a lock that its timers take, too: a timer that fires here would wait for it, and by that for the call. It is
    /// as if it fired after the call.
    /// </summary>
    public bool HoldsLock => Target.Contains("/journal/", StringComparison.Ordinal) || Target.Contains("lease.json", StringComparison.Ordinal);

    /// <summary>Whether a pattern as in <c>write */results/*</c> means this call.</summary>
    public bool Matches(string pattern) => FileSystemName.MatchesSimpleExpression(pattern, ToString(), ignoreCase: false);

    public override string ToString() => $"{Name} {Target}";
}
