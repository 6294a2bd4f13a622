namespace PrefectPS.Results;

/// <summary>Takes the files that a value refers to when it is written down.</summary>
public interface IFileSink
{
    /// <summary>Takes a file's content.</summary>
    /// <returns>What stands for the file in the value.</returns>
    /// <exception cref="FlowException">It cannot be read, or its content cannot be put away.</exception>
    string Take(FileInfo file);
}
