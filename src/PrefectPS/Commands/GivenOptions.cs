namespace PrefectPS.Commands;

/// <summary>Options of which each kind of store or channel understands some.</summary>
internal static class GivenOptions
{
    /// <summary>The first option that is given and not understood; null for none.</summary>
    /// <param name="options">All there are, and what is given for them; null for nothing.</param>
    /// <param name="understood">The names of those that are understood.</param>
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
