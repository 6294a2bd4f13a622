namespace PrefectPS.Documents;

/// <summary>What a state document may not exceed; checked before memory is taken for it.</summary>
internal static class DocumentLimits
{
    /// <summary>The document's size in bytes.</summary>
    public const int MaxBytes = 512 * 1024 * 1024;

    /// <summary>How many tasks it may name.</summary>
    public const int MaxTasks = 2_000_000;

    /// <summary>How many bytes one array in a value may have. Larger ones belong in a store, where they are not written as text.</summary>
    public const int MaxBytesInArray = 1024 * 1024;
}
