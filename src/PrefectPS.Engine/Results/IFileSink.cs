namespace PrefectPS.Results;

/// <summary>Receives the files that a value refers to while it is serialized.</summary>
public interface IFileSink
{
    /// <summary>Takes over a file's content.</summary>
    /// <returns>The reference that is serialized instead of the file.</returns>
    /// <exception cref="FlowException">The file cannot be read, or its content not stored.</exception>
    string Add(FileInfo file);
}
