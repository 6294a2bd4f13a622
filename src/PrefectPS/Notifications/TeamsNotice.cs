using System.Text.Json;

namespace PrefectPS.Notifications;

/// <summary>
/// A notice as an Adaptive Card for a Teams workflow ("When a Teams webhook request is received"). Content of the run is written as text runs,
/// which are not interpreted as Markdown.
/// </summary>
internal static class TeamsNotice
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, RunNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartObject("msteams");
        json.WriteString("width", "Full");
        json.WriteEndObject();
        json.WriteStartArray("body");
        WriteBlock(json, (notice.Title, Style.Title));
        foreach (var (name, value) in NoticeText.Facts(notice))
            WriteBlock(json, ($"{name}: ", Style.Strong), (value, Style.Plain));
        foreach (var task in notice.Tasks)
            WriteBlock(json, (NoticeText.Of(task), Style.Plain));
        if (NoticeText.More(notice) is { } more)
            WriteBlock(json, (more, Style.Plain));
        foreach (var command in notice.Commands)
            WriteBlock(json, ($"{command.Key}: ", Style.Strong), (command.Value, Style.Code));
        json.WriteEndArray();
        WriteActions(json, notice);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, params (string Text, Style Style)[] runs)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        foreach (var (text, style) in runs)
        {
            json.WriteStartObject();
            json.WriteString("type", "TextRun");
            json.WriteString("text", NoticeText.Plain(text));
            if (style is Style.Title or Style.Strong)
                json.WriteString("weight", "Bolder");
            if (style == Style.Title)
                json.WriteString("size", "Large");
            if (style == Style.Code)
                json.WriteString("fontType", "Monospace");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteActions(Utf8JsonWriter json, RunNotice notice)
    {
        if (notice.Links.Count == 0)
            return;
        json.WriteStartArray("actions");
        foreach (var link in notice.Links)
        {
            json.WriteStartObject();
            json.WriteString("type", "Action.OpenUrl");
            json.WriteString("title", NoticeText.Plain(link.Key));
            json.WriteString("url", link.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private enum Style
    {
        Plain,
        Strong,
        Title,
        Code,
    }
}
