using System.Text.Json;

namespace PrefectPS.Notifications;

/// <summary>A notice as blocks for an incoming Slack webhook. Content of the run is plain text, without mentions and links.</summary>
internal static class SlackNotice
{
    private const int MaxHeader = 150;
    private const int MaxText = 3000;
    private const int MaxButton = 75;

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, RunNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("text", Escape($"{notice.Title} (run {notice.RunId})")); // the text of push notifications
        json.WriteStartArray("blocks");
        json.WriteStartObject();
        json.WriteString("type", "header");
        WriteText(json, notice.Title, MaxHeader);
        json.WriteEndObject();
        WriteSection(json, string.Join("\n", NoticeText.Facts(notice).Select(fact => $"{fact.Name}: {fact.Value}")));
        foreach (var task in notice.Tasks)
            WriteSection(json, NoticeText.Of(task));
        if (NoticeText.More(notice) is { } more)
            WriteSection(json, more);
        foreach (var command in notice.Commands)
            WriteCommand(json, command);
        WriteActions(json, notice);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "section");
        WriteText(json, text, MaxText);
        json.WriteEndObject();
    }

    private static void WriteCommand(Utf8JsonWriter json, KeyValuePair<string, string> command)
    {
        json.WriteStartObject();
        json.WriteString("type", "rich_text");
        json.WriteStartArray("elements");
        WriteElement(json, "rich_text_section", command.Key);
        WriteElement(json, "rich_text_preformatted", command.Value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteElement(Utf8JsonWriter json, string type, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartArray("elements");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", NoticeText.Plain(text));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteActions(Utf8JsonWriter json, RunNotice notice)
    {
        if (notice.Links.Count == 0)
            return;
        json.WriteStartObject();
        json.WriteString("type", "actions");
        json.WriteStartArray("elements");
        foreach (var link in notice.Links)
        {
            json.WriteStartObject();
            json.WriteString("type", "button");
            WriteText(json, link.Key, MaxButton);
            json.WriteString("url", link.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text, int max)
    {
        text = NoticeText.Plain(text);
        json.WriteStartObject("text");
        json.WriteString("type", "plain_text");
        json.WriteString("text", NoticeText.Cut(text, max));
        json.WriteBoolean("emoji", false);
        json.WriteEndObject();
    }

    private static string Escape(string text) => NoticeText.Plain(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
