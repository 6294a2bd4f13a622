namespace PrefectPS.Runs;

/// <summary>A journal object does not exist: it was merged meanwhile, or is missing.</summary>
internal sealed class ObjectGoneException(string path) : Exception
{
    /// <summary>The object's path.</summary>
    public string Path => path;
}
