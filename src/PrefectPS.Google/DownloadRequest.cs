namespace PrefectPS.Google;

/// <summary>A request whose answer may be large, and is read by who sent it.</summary>
internal sealed class DownloadRequest(string uri) : HttpRequestMessage(HttpMethod.Get, uri);
