namespace PrefectPS;

/// <summary>
/// Limits of documents, records and names. Writers enforce the limits of readers, so that everything written can be read: texts are cut when a state is
/// made, names are rejected at definition, and oversized values fail their task.
/// </summary>
public static class Limits
{
    /// <summary>Maximum size of a document in bytes, also when unpacked; checked before allocating memory.</summary>
    internal const int MaxDocumentBytes = 512 * 1024 * 1024;

    /// <summary>Maximum number of tasks in a document, with children of mapped tasks and tasks of subflows: each takes more memory than its text.</summary>
    internal const int MaxTasks = 2_000_000;

    /// <summary>Maximum number of children of a mapped task: half of <see cref="MaxTasks"/>, to leave room for others.</summary>
    internal const int MaxChildren = 1_000_000;

    /// <summary>Maximum size of a byte array in a value of a document. Larger ones belong in a store, where they are not written as text.</summary>
    internal const int MaxBytesInArray = 1024 * 1024;

    /// <summary>Maximum bytes per character in JSON: <c>\u0000</c>.</summary>
    internal const int MaxBytesPerChar = 6;

    /// <summary>Maximum length of a flow, task, parameter or tag name and of a slug: readable in a table, and within the limits of queues, headers and paths.</summary>
    internal const int MaxNameLength = 512;

    /// <summary>Maximum length of a name that is read: one from another version, or a subflow run's id, may be longer.</summary>
    internal const int MaxReadNameLength = 1024;

    /// <summary>Maximum length of a string in a value: what a JSON writer accepts at once if all characters are escaped.</summary>
    internal const int MaxJsonTextLength = 1_000_000_000 / MaxBytesPerChar;

    /// <summary>Maximum length of a byte array in a value: what a JSON writer accepts at once as Base64.</summary>
    internal const int MaxJsonBytesLength = 125_000_000;

    /// <summary>Maximum raw size of a name that is read: <see cref="MaxReadNameLength"/> escaped characters.</summary>
    internal const int MaxReadNameBytes = MaxReadNameLength * MaxBytesPerChar;

    /// <summary>Maximum length of a run id, which is part of paths.</summary>
    public const int MaxRunIdLength = 128;

    /// <summary>Maximum length of a message or call stack: 100,000 of them must fit into a document.</summary>
    internal const int MaxTextLength = 64 * 1024;

    /// <summary>Maximum length of a log line; longer ones are cut.</summary>
    internal const int MaxLogLineLength = 16 * 1024;

    /// <summary>Maximum length of the smaller parts of an error: id, type, script and line.</summary>
    internal const int MaxErrorPartLength = 4 * 1024;

    /// <summary>Maximum raw size of a text that is read: earlier versions did not cut texts, which happens when the state is made.</summary>
    internal const int MaxReadTextBytes = 16 * 1024 * 1024;

    /// <summary>Maximum nesting depth of a value, which is processed recursively here and in PowerShell.</summary>
    public const int MaxValueDepth = 60;

    /// <summary>Maximum nesting depth of a value in a stored file, which others may have written.</summary>
    public const int MaxFileDepth = 128;

    /// <summary>Maximum nesting depth of flows, the outermost included: they are processed recursively.</summary>
    internal const int MaxFlowDepth = 32;

    /// <summary>
    /// Maximum JSON nesting depth: each subflow of a mapped child takes up to ten levels in Prefect's format; a state and its value take the rest. A test
    /// writes the deepest document.
    /// </summary>
    public const int MaxJsonDepth = (10 * MaxFlowDepth) + MaxValueDepth + 36;

    /// <summary>Maximum number of digits: parsing time grows faster than linearly.</summary>
    internal const int MaxDigits = 10_000;

    /// <summary>Maximum number of steps of a run, which keeps record numbers below the largest integer.</summary>
    internal const int MaxSteps = 1_000_000_000;

    /// <summary>First valid start year of a run; with <see cref="LatestYear"/>, it keeps derived times within the calendar.</summary>
    internal const int EarliestYear = 1900;

    /// <summary>Last valid start year of a run.</summary>
    internal const int LatestYear = 9800;

    /// <summary>Maximum number of warnings; the rest is only counted.</summary>
    internal const int MaxWarnings = 20;

    /// <summary>Maximum number of nested wrappings of a document.</summary>
    internal const int MaxWrappings = 8;

    /// <summary>Unpacked size in bytes that is always allowed; beyond it, <see cref="MaxUnpackedRatio"/> applies.</summary>
    internal const int FreeUnpackedBytes = 16 * 1024 * 1024;

    /// <summary>Maximum compression ratio.</summary>
    internal const int MaxUnpackedRatio = 256;

    /// <summary>Maximum length of a path segment in UTF-8 bytes: the limit of common file systems.</summary>
    internal const int MaxPathPartBytes = 255;

    /// <summary>Maximum length of a path in UTF-8 bytes: the limit of cloud stores, with room for a prefix.</summary>
    internal const int MaxPathBytes = 1000;

    /// <summary>Maximum length of a key in UTF-8 bytes: the limit of cloud stores, prefix included.</summary>
    internal const int MaxKeyBytes = 1024;

    /// <summary>Maximum length of a store's prefix in UTF-8 bytes, so that the longest record path is a valid key.</summary>
    internal const int MaxPrefixBytes = 200;

    /// <summary>Longest duration that is written, also relative to the run's start; longer ones are clamped. About 34 years.</summary>
    internal static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(int.MaxValue / 2);

    /// <summary>Longest duration that is read: the difference of two written ones.</summary>
    internal static readonly TimeSpan LongestReadTime = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>Clamps a duration to what can be written.</summary>
    internal static TimeSpan Clamp(TimeSpan time) => time > LongestTime ? LongestTime : time < -LongestTime ? -LongestTime : time;

    /// <summary>Increments a count; saturates at the maximum.</summary>
    internal static int Next(int count) => count < int.MaxValue ? count + 1 : count;
}
