namespace PrefectPS.Runs;

/// <summary>An object that a journal is made of is not there: it was merged meanwhile, or is missing.</summary>
internal sealed class ObjectGoneException(string path) : Exception
{
    /// <summary>The object's path.</summary>
    public string Path => path;
}
