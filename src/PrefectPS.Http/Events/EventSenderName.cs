using PrefectPS.Results;

namespace PrefectPS.Http.Events;

/// <summary>Who has sent an event, as it stands on record.</summary>
public static class EventSenderName
{
    /// <summary>How many characters a name may have that somebody gives himself.</summary>
    public const int MaxLength = 100;

    /// <summary>The name of who used a link: for whom it was made; else what they call themselves, which nobody has checked.</summary>
    internal static string OfLink(EventLink link, string? given) =>
        link.For is { } person ? $"{person} (link {link.Name})"
        : Clean(given) is { } name ? $"{name} (unverified, link {link.Name})"
        : $"link {link.Name}";

    /// <summary>A name as it can stand in a line; null where nothing of it is left.</summary>
    public static string? Clean(string? given)
    {
        var name = TerminalText.Of(given ?? string.Empty).Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ').Trim();
        return name.Length == 0 ? null : name.Length <= MaxLength ? name : name.Substring(0, char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength);
    }
}
