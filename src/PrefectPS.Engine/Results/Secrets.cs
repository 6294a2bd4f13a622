namespace PrefectPS.Results;

/// <summary>Detects secrets in values.</summary>
public static class Secrets
{
    /// <summary>True if a value is or contains a secret.</summary>
    public static bool Contains(object? value, IValueAdapter adapter) => !ValueSearch.IsPlain(value) && ValueSearch.Any(value, adapter, adapter.IsSecret);
}
