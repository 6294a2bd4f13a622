namespace PrefectPS.Google;

/// <summary>The service answered, but not what it is to answer.</summary>
internal sealed class AnswerException(string message) : Exception(message);
