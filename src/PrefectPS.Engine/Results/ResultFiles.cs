using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>The files that a result refers to: each is an object of its own in the store, beside the result, and streams to it and from it.</summary>
/// <param name="store">The store.</param>
/// <param name="location">The result's own place in it.</param>
/// <param name="cancellationToken">Stops what is under way.</param>
internal sealed class ResultFiles(IFlowStore store, string location, CancellationToken cancellationToken) : IFileSink
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private string? _folder;

    /// <summary>Where the local copies are.</summary>
    public FileCopies Copies { private get; init; } = FileCopies.OfProcess;

    /// <summary>What is said of a file that is not there, by the names of the store and the file.</summary>
    public Func<string, string, FlowException> Missing { private get; init; } = FlowErrors.ResultMissing;

    /// <summary>Whether it has taken any.</summary>
    public bool HasTaken => _names.Count > 0;

    /// <summary>Opens a file whose content is a result.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: it cannot be read.</exception>
    public static FileStream Open(FileInfo file)
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

    /// <summary>Stores a file beside the result, under its own name. What another result has there is not touched: then the file has a folder of this write's own.</summary>
    /// <returns>By what <see cref="Download(string)"/> knows it.</returns>
    public string Take(FileInfo file)
    {
        var name = NewName(file);
        using var content = Open(file);
        if (store.TryWrite(PlaceOf(name), content, WriteCondition.IfAbsent, cancellationToken))
            return name;
        var place = $"{_folder ??= Guid.NewGuid().ToString("n")}/{name}";
        store.WriteAsync(PlaceOf(place), content, WriteCondition.Always, cancellationToken).Wait();
        return place;
    }

    /// <summary>A local copy of a stored file, with the file's own name.</summary>
    /// <exception cref="FormatException">The name is none that <see cref="Take"/> gives.</exception>
    /// <exception cref="FlowException">It is gone, or cannot be read or copied.</exception>
    public FileInfo Download(string name)
    {
        var parts = name.Split('/', '\\');
        if (parts.Length > 2 || (parts.Length == 2 && !Guid.TryParseExact(parts[0], "n", out _)) || StorePath.FaultIn(name) is not null)
            throw new FormatException($"'{name}' is not a file name");
        var place = PlaceOf(name);
        using var content = store.ReadAsync(place, cancellationToken).Wait() ?? throw Missing(store.Name, place);
        return Copies.Add(content.Content, parts[parts.Length - 1]);
    }

    /// <summary>A local copy of the result's own content.</summary>
    public FileInfo Download(StoredObject content) => Copies.Add(content.Content, location.Substring(location.LastIndexOf('/') + 1));

    /// <summary>What the paths of a result's files begin with: <c>daily/report.json</c> has its files in <c>daily/report.files</c>.</summary>
    public static string FolderOf(string location)
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
