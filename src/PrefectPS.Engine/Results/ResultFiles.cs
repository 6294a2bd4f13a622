using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Stores the files that a result refers to as objects of their own beside the result, streaming both ways.</summary>
/// <param name="store">The store.</param>
/// <param name="location">The result's path in the store.</param>
/// <param name="cancellationToken">Cancels reads and writes.</param>
public sealed class ResultFiles(IFlowStore store, string location, CancellationToken cancellationToken) : IFileSink
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private string? _folder;

    /// <summary>Where local copies are kept.</summary>
    internal FileCopies Copies { private get; init; } = FileCopies.OfProcess;

    /// <summary>Creates the error of a missing file, from the names of the store and the file.</summary>
    internal Func<string, string, FlowException> Missing { private get; init; } = FlowErrors.ResultMissing;

    /// <summary>True if any file was stored.</summary>
    public bool HasFiles => _names.Count > 0;

    /// <summary>Opens a file that is a result or part of one.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the file cannot be read.</exception>
    internal static FileStream Open(FileInfo file)
    {
        try
        {
            return new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FlowErrors.ResultFileUnreadable(file.FullName, e);
        }
    }

    /// <summary>Stores a file beside the result under its own name, or in a unique folder where another result's file has that name.</summary>
    /// <returns>The reference that <see cref="Download(string)"/> takes.</returns>
    public string Add(FileInfo file)
    {
        var name = NewName(file);
        using var content = Open(file);
        if (store.TryWrite(PlaceOf(name), content, WriteCondition.IfAbsent, cancellationToken))
            return name;
        var place = $"{_folder ??= Guid.NewGuid().ToString("n")}/{name}";
        store.WriteAsync(PlaceOf(place), content, WriteCondition.Always, cancellationToken).Wait();
        return place;
    }

    /// <summary>Downloads a stored file to a local copy with the file's own name.</summary>
    /// <exception cref="FormatException"><see cref="Add"/> did not return this name.</exception>
    /// <exception cref="FlowException">The file is gone, or cannot be read or copied.</exception>
    internal FileInfo Download(string name)
    {
        var parts = name.Split('/', '\\');
        if (parts.Length > 2 || (parts.Length == 2 && !Guid.TryParseExact(parts[0], "n", out _)) || StorePath.FaultIn(name) is not null)
            throw new FormatException($"'{name}' is not a file name");
        var place = PlaceOf(name);
        using var content = store.ReadAsync(place, cancellationToken).Wait() ?? throw Missing(store.Name, place);
        return Copies.Add(content.Content, parts[parts.Length - 1]);
    }

    /// <summary>Downloads the result's own content to a local copy.</summary>
    internal FileInfo Download(StoredObject content) => Copies.Add(content.Content, location.Substring(location.LastIndexOf('/') + 1));

    /// <summary>The folder of a result's files: <c>daily/report.json</c> has its files in <c>daily/report.files</c>.</summary>
    internal static string FolderOf(string location)
    {
        var (dot, start) = (location.LastIndexOf('.'), location.LastIndexOf('/') + 1);
        var stem = dot > start ? location.Substring(start, dot - start) : location.Substring(start);
        return $"{location.Substring(0, start)}{LongName.Shorten($"{stem}.files", Limits.MaxPathPartBytes)}/";
    }

    private string PlaceOf(string name) => FolderOf(location) + name;

    private string NewName(FileInfo file)
    {
        var name = StorePath.Escape(file.Name);
        for (var n = 2; !_names.Add(name); n++)
            name = $"{n}-{StorePath.Escape(file.Name)}";
        return name;
    }
}
