namespace PrefectPS.Results;

/// <summary>Finds what must never be written.</summary>
public static class Secrets
{
    /// <summary>Whether a value is a secret or holds one.</summary>
    public static bool In(object? value, IValueAdapter adapter) => !ValueSearch.IsPlain(value) && ValueSearch.Any(value, adapter, adapter.IsSecret);
}
