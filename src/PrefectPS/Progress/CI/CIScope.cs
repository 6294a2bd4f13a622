namespace PrefectPS.Progress;

/// <summary>A step that may tell a CI platform of its tasks. A task may run a flow, too: what that one says is its task's.</summary>
internal sealed class CIScope : IDisposable
{
    [ThreadStatic]
    private static int _depth;

    private readonly int _level = _depth++;

    /// <summary>Whether it is in no task of another.</summary>
    public bool IsOutermost => _level == 0;

    public void Dispose() => _depth = _level;
}
