namespace PrefectPS.Flows;

/// <summary>The files that a task makes its target of.</summary>
public interface ISourceFiles
{
    /// <summary>As they were named, which may be with wildcards.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The one that was written last, where that was after a time; null where none was.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: one that was named is not there, or cannot be looked at.</exception>
    string? FindNewer(DateTimeOffset time);
}
