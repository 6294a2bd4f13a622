namespace PrefectPS.Commands;

/// <summary>Options of stores and channels, of which each kind supports some.</summary>
internal static class GivenOptions
{
    /// <summary>The first given option that is not supported; null for none.</summary>
    /// <param name="options">All options with their values; null if not given.</param>
    /// <param name="understood">The names of the supported options.</param>
    public static string? FirstUnfit((string Name, object? Value)[] options, string[] understood)
    {
        foreach (var (name, value) in options)
        {
            if (value is not null && !understood.Contains(name, StringComparer.Ordinal))
                return name;
        }

        return null;
    }
}
