namespace PrefectPS.Google;

/// <summary>A response without the expected content.</summary>
internal sealed class InvalidResponseException(string message) : Exception(message);
