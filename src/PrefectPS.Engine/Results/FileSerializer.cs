using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Streams a file's content to the store and back to a local file, never through memory.</summary>
internal sealed class FileSerializer(IValueAdapter values) : IResultSerializer
{
    public string Name => "File";

    public IReadOnlyList<string> Extensions { get; } =
    [
        ".file", ".zip", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".iso", ".bak", ".dmp", ".msi", ".exe", ".dll", ".nupkg", ".jar",
        ".pdf", ".docx", ".xlsx", ".pptx", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp3", ".mp4", ".parquet", ".avro", ".db", ".sqlite",
    ];

    public ResultContent Write(object value, ResultFiles files) => values.Unwrap(value) switch
    {
        FileInfo file => new(ResultFiles.Open(file)) { Value = file },
        byte[] bytes => new(new MemoryStream(bytes, writable: false)),
        _ => throw FlowErrors.ResultFormatMismatch(Name, value, "a file (such as Get-Item gives) or bytes ([byte[]])"),
    };

    public object Read(StoredObject content, ResultFiles files) => files.Download(content);
}
