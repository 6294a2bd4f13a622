namespace PrefectPS.Storage;

/// <summary>A store that may be case-insensitive, as folders on Windows and macOS are. All others are case-sensitive.</summary>
internal interface ICaseInsensitiveStore : IFlowStore
{
    /// <summary>True if names are case-insensitive.</summary>
    bool IgnoresCase { get; }
}
