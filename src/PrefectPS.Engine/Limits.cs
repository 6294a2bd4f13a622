namespace PrefectPS;

/// <summary>
/// The limits of what is written and read, each with its reason. Writers keep to the same ones as readers, so that whatever is written can be read:
/// a text is cut as a state is made, a name is refused at definition, a value fails its task.
/// </summary>
public static class Limits
{
    /// <summary>The size of a document in bytes, however it came and when it is unpacked: checked before memory is taken for it.</summary>
    internal const int MaxDocumentBytes = 512 * 1024 * 1024;

    /// <summary>How many tasks a document may name, children of mapped tasks and tasks of subflows included: each takes more memory than its text.</summary>
    internal const int MaxTasks = 2_000_000;

    /// <summary>How many children a mapped task may have: half of <see cref="MaxTasks"/>, so that there is room for others.</summary>
    internal const int MaxChildren = 1_000_000;

    /// <summary>How many bytes one array in a value of a document may have. Larger ones belong in a store, where they are not written as text.</summary>
    internal const int MaxBytesInArray = 1024 * 1024;

    /// <summary>How many bytes one character of a text takes at most in JSON: <c>\u0000</c>.</summary>
    internal const int MaxBytesPerChar = 6;

    /// <summary>
    /// How many characters the name of a flow, a task, a parameter or a tag, and a slug, may have: what a person can still read in a table, and less than a
    /// queue, a header and a path of a few parts take.
    /// </summary>
    internal const int MaxNameLength = 512;

    /// <summary>How many characters a name that is read may have: one of another version, or the id of a run inside a run, may be longer.</summary>
    internal const int MaxReadNameLength = 1024;

    /// <summary>How many characters a text in a value may have: those that a JSON writer takes at once, each of them escaped.</summary>
    internal const int MaxJsonTextLength = 1_000_000_000 / MaxBytesPerChar;

    /// <summary>How many bytes an array in a value may have: those that a JSON writer takes at once, as base 64.</summary>
    internal const int MaxJsonBytesLength = 125_000_000;

    /// <summary>How many bytes a name that is read may have, as it stands: any name of <see cref="MaxReadNameLength"/>, escaped.</summary>
    internal const int MaxReadNameBytes = MaxReadNameLength * MaxBytesPerChar;

    /// <summary>How many characters the id of a run may have: it is a part of paths.</summary>
    public const int MaxRunIdLength = 128;

    /// <summary>How many characters a message or a call stack may have: what is longer is no message, and 100,000 of them are to fit into a document.</summary>
    internal const int MaxTextLength = 64 * 1024;

    /// <summary>How many characters a line of a run's log may have; what is longer is cut.</summary>
    internal const int MaxLogLineLength = 16 * 1024;

    /// <summary>How many characters the smaller parts of an error may have: its id, its type, its script and its line.</summary>
    internal const int MaxErrorPartLength = 4 * 1024;

    /// <summary>How many bytes a text that is read may have, as it stands: earlier versions cut none, and it is cut as the state is made.</summary>
    internal const int MaxReadTextBytes = 16 * 1024 * 1024;

    /// <summary>How deep arrays, dictionaries and objects may nest in a value: they are followed by recursion, here and in PowerShell.</summary>
    public const int MaxValueDepth = 60;

    /// <summary>How deep a value in a file of a store may nest, which others may have written; it is read, and written again only if it is less deep.</summary>
    public const int MaxFileDepth = 128;

    /// <summary>How many flows may be inside one another, the outermost included: they are run and read by recursion.</summary>
    internal const int MaxFlowDepth = 32;

    /// <summary>
    /// How deep JSON may nest: a subflow of a mapped task's child takes up to ten levels in what is written for Prefect, a state and its value the others.
    /// A test writes the deepest.
    /// </summary>
    public const int MaxJsonDepth = (10 * MaxFlowDepth) + MaxValueDepth + 36;

    /// <summary>How many digits a number may have: reading takes longer than in proportion.</summary>
    internal const int MaxDigits = 10_000;

    /// <summary>How many steps a run may have: their numbers stay below the largest integer, in names of records too.</summary>
    internal const int MaxSteps = 1_000_000_000;

    /// <summary>The first year that a run may have been started in; with <see cref="LatestYear"/>, so that no time counted from it is out of the calendar.</summary>
    internal const int EarliestYear = 1900;

    /// <summary>The last year that a run may have been started in.</summary>
    internal const int LatestYear = 9800;

    /// <summary>How many warnings there are at most; what is more is counted.</summary>
    internal const int MaxWarnings = 20;

    /// <summary>In how many things a document may be wrapped, one inside the other.</summary>
    internal const int MaxWrappings = 8;

    /// <summary>The size that anything packed may unpack to, in bytes; beyond it counts <see cref="MaxUnpackedRatio"/>.</summary>
    internal const int FreeUnpackedBytes = 16 * 1024 * 1024;

    /// <summary>How many times its size something packed may unpack to.</summary>
    internal const int MaxUnpackedRatio = 256;

    /// <summary>How long a part of a path may be, in bytes of UTF-8: what the usual file systems take.</summary>
    internal const int MaxPathPartBytes = 255;

    /// <summary>How long a path may be, in bytes of UTF-8: what the clouds take, with room for a prefix.</summary>
    internal const int MaxPathBytes = 1000;

    /// <summary>How long a key may be, in bytes of UTF-8: what the clouds take, the prefix of the store included.</summary>
    internal const int MaxKeyBytes = 1024;

    /// <summary>How long the prefix of a store may be, in bytes of UTF-8: with it the longest path of a run's record is a key.</summary>
    internal const int MaxPrefixBytes = 200;

    /// <summary>How long a time that is written may be, and how far from the run's start: what is longer is cut. About 34 years.</summary>
    internal static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(int.MaxValue / 2);

    /// <summary>How long a time that is read may be: the difference of two that are written.</summary>
    internal static readonly TimeSpan LongestReadTime = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>The time, or the nearest one that can be written.</summary>
    internal static TimeSpan Clamp(TimeSpan time) => time > LongestTime ? LongestTime : time < -LongestTime ? -LongestTime : time;

    /// <summary>The number after this one, as far as numbers go.</summary>
    internal static int Next(int count) => count < int.MaxValue ? count + 1 : count;
}
