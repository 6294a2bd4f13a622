namespace PrefectPS.Host.Commands;

/// <summary>The exception of an error that was written with no more than a message.</summary>
internal sealed class WriteErrorException(string message) : Exception(message);
