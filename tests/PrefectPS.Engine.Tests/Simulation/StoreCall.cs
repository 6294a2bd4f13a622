using System.IO.Enumeration;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A call of a process at which the scheduler may stop it.</summary>
/// <param name="Name">The call: read, write, delete, list, body, sleep or begin.</param>
/// <param name="Target">The path or task.</param>
internal sealed record StoreCall(string Name, string Target)
{
    /// <summary>True if the call changes the store.</summary>
    public bool Writes => Name is "write" or "delete";

    /// <summary>True if it is a store call.</summary>
    public bool IsOfStore => Name is not ("body" or "begin" or Sleep);

    /// <summary>Name of a wait: other processes run meanwhile.</summary>
    public const string Sleep = "sleep";

    /// <summary>
    /// True if the engine may hold a lock here that its timers need: a timer that fires would block until the call returns, which equals firing after it.
    /// </summary>
    public bool HoldsLock => Target.Contains("/journal/", StringComparison.Ordinal) || Target.Contains("lease.json", StringComparison.Ordinal);

    /// <summary>True if the call matches a pattern like <c>write */results/*</c>.</summary>
    public bool Matches(string pattern) => FileSystemName.MatchesSimpleExpression(pattern, ToString(), ignoreCase: false);

    public override string ToString() => $"{Name} {Target}";
}
