namespace PrefectPS.Google;

/// <summary>A file that was to have credentials in it has none.</summary>
internal sealed class KeyFileException(string message) : Exception(message);
