namespace PrefectPS.Google;

/// <summary>The ways to read an answer that only one of the targets can stop.</summary>
internal static class HttpContentExtensions
{
    /// <summary>The content, as it comes.</summary>
    public static Task<Stream> OpenAsync(this HttpContent content, CancellationToken cancellationToken) =>
#if NETSTANDARD
        content.ReadAsStreamAsync();
#else
        content.ReadAsStreamAsync(cancellationToken);
#endif

    /// <summary>The content at once, as text.</summary>
    public static Task<string> ReadTextAsync(this HttpContent content, CancellationToken cancellationToken) =>
#if NETSTANDARD
        content.ReadAsStringAsync();
#else
        content.ReadAsStringAsync(cancellationToken);
#endif
}
