namespace PrefectPS.Flows;

/// <summary>The source files of a task's target.</summary>
public interface ISourceFiles
{
    /// <summary>The names as given, possibly with wildcards.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The most recently written file, if it is newer than a time; null if none is.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: a named file does not exist or cannot be accessed.</exception>
    string? FindNewer(DateTimeOffset time);
}
