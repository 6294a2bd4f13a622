using System.Text;
using System.Text.Json;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An answer of the server.</summary>
internal sealed record ServerAnswer(int Status)
{
    /// <summary>Its content, where that is an object's: from a place on.</summary>
    public (BlobContent Content, long Start)? Blob { get; init; }

    private byte[] Bytes { get; init; } = [];

    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.Ordinal);

    public long Length => Blob is { } blob ? blob.Content.Length - blob.Start : Bytes.Length;

    public static ServerAnswer Json(object content, int status = 200) => new(status)
    {
        Bytes = JsonSerializer.SerializeToUtf8Bytes(content),
        Headers = new(StringComparer.Ordinal) { ["Content-Type"] = "application/json; charset=UTF-8" },
    };

    public static ServerAnswer Text(string content, int status = 200) => new(status) { Bytes = Encoding.UTF8.GetBytes(content) };

    public static ServerAnswer Error(int status, string message) => Json(new { error = new { code = status, message } }, status);

    public Task SendAsync(Stream target, long count, CancellationToken cancellationToken) =>
        Blob is { } blob
            ? blob.Content.CopyToAsync(target, blob.Start, count, cancellationToken)
            : target.WriteAsync(Bytes.AsMemory(0, (int)count), cancellationToken).AsTask();
}
