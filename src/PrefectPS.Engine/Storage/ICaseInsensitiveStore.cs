namespace PrefectPS.Storage;

/// <summary>A store that may take names for one that differ in case only, as folders on Windows and macOS do. All others tell them apart.</summary>
internal interface ICaseInsensitiveStore : IFlowStore
{
    /// <summary>Whether it takes them for one.</summary>
    bool IgnoresCase { get; }
}
