using PrefectPS.Results;

namespace PrefectPS.Http.Events;

/// <summary>Formats an event's sender for the record.</summary>
public static class EventSenderName
{
    /// <summary>The longest self-given name.</summary>
    public const int MaxLength = 100;

    /// <summary>The sender of a link: the person it was made for, else a self-given, unverified name.</summary>
    internal static string OfLink(EventLink link, string? given) =>
        link.For is { } person ? $"{person} (link {link.Name})"
        : Clean(given) is { } name ? $"{name} (unverified, link {link.Name})"
        : $"link {link.Name}";

    /// <summary>Sanitizes a name to one line; null for an empty one.</summary>
    public static string? Clean(string? given)
    {
        var name = TerminalText.Of(given ?? string.Empty).Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ').Trim();
        return name.Length == 0 ? null : name.Length <= MaxLength ? name : name.Substring(0, char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength);
    }
}
