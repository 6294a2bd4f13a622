namespace PrefectPS.Google;

/// <summary>A key file without readable credentials.</summary>
internal sealed class KeyFileException(string message) : Exception(message);
