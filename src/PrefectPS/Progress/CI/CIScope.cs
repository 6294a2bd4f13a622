namespace PrefectPS.Progress;

/// <summary>The scope of a step that can report to a CI platform. A flow that a task runs with a cmdlet reports nothing itself.</summary>
internal sealed class CIScope : IDisposable
{
    [ThreadStatic]
    private static int _depth;

    private readonly int _level = _depth++;

    /// <summary>True if it is the outermost step.</summary>
    public bool IsOutermost => _level == 0;

    public void Dispose() => _depth = _level;
}
