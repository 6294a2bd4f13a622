namespace PrefectPS.Host.Commands.Json;

/// <summary>The text is not JSON, or is JSON that cannot become objects.</summary>
internal sealed class JsonConversionException(string reason, Exception? inner = null)
    : ArgumentException($"Conversion from JSON failed with error: {reason}", inner);
