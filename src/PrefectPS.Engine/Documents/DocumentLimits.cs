using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>What a state document may not exceed; checked before memory is taken for it.</summary>
internal static class DocumentLimits
{
    /// <summary>The document's size in bytes, however it came and when it is unpacked.</summary>
    public const int MaxBytes = 512 * 1024 * 1024;

    /// <summary>How many tasks it may name, children of mapped tasks and tasks of subflows included.</summary>
    public const int MaxTasks = 2_000_000;

    /// <summary>How many bytes one array in a value may have. Larger ones belong in a store, where they are not written as text.</summary>
    public const int MaxBytesInArray = 1024 * 1024;

    /// <summary>How long a name, a slug or an id may be, in bytes.</summary>
    public const int MaxNameBytes = 4 * 1024;

    /// <summary>How long a message may be, in bytes.</summary>
    public const int MaxTextBytes = 16 * 1024 * 1024;

    /// <summary>How deep a parameter's value, and what is handed on as it came, may nest.</summary>
    public const int MaxValueDepth = ValueWriter.MaxDepth;

    /// <summary>How many warnings there are at most; what is more is counted.</summary>
    public const int MaxWarnings = 20;

    /// <summary>In how many things a document may be wrapped, one inside the other.</summary>
    public const int MaxWrappings = 8;

    /// <summary>The size that anything packed may unpack to, in bytes; beyond it counts <see cref="MaxUnpackedRatio"/>.</summary>
    public const int FreeUnpackedBytes = 16 * 1024 * 1024;

    /// <summary>How many times its size something packed may unpack to.</summary>
    public const int MaxUnpackedRatio = 256;
}
