using System.Collections;
using System.Globalization;
using PrefectPS.Flows;

namespace PrefectPS.Http.Events.Pages;

/// <summary>The HTML form for an event's values, and the parser of what it posts.</summary>
/// <param name="fields">The fields.</param>
/// <param name="isSensitive">Whether entered values must not be shown again.</param>
internal sealed class EventForm(IReadOnlyList<PayloadField> fields, bool isSensitive)
{
    /// <summary>The button's name, posted with the form.</summary>
    public const string Button = "send";

    /// <summary>The field of the sender's name.</summary>
    public const string Sender = "sender";

    private const string Prefix = "p.";
    private const string Chosen = "true";
    private const int MaxRadios = 6;

    private static readonly PayloadField OwnName =
        new("Your name", PayloadFieldKind.Text) { MaxLength = EventSenderName.MaxLength, Help = "It is recorded with the answer." };

    /// <summary>The fields.</summary>
    public IReadOnlyList<PayloadField> Fields => fields;

    /// <summary>A mandatory secret field, which the form cannot ask for; null for none.</summary>
    public PayloadField? Missing => fields.FirstOrDefault(each => each is { Kind: PayloadFieldKind.Secret, IsRequired: true });

    /// <summary>Parses the posted values; null where an unknown field was posted.</summary>
    public IDictionary? Read(ILookup<string, string> sent)
    {
        var table = EventBody.NewTable();
        if (sent.Any(group => group.Key.StartsWith(Prefix, StringComparison.Ordinal) && Asked.All(each => !Same(each.Name, group.Key.Substring(Prefix.Length)))))
            return null;
        foreach (var each in Asked)
        {
            if (Read(each, sent[Prefix + each.Name]) is { } value)
                table[each.Name] = value;
        }

        return table;
    }

    /// <summary>Converts a posted value to its parameter's.</summary>
    public static object? Read(PayloadField field, IEnumerable<string> sent)
    {
        if (field.Kind == PayloadFieldKind.Switch)
            return sent.LastOrDefault() is Chosen;
        var lines = field.IsList && field.Choices.Count == 0 ? sent.SelectMany(each => each.Split('\n')).Select(line => line.TrimEnd('\r')) : sent;
        string[] given = [.. lines.Where(each => each.Length > 0)];
        return given.Length == 0 ? null : field.IsList ? given : given[given.Length - 1];
    }

    /// <summary>Writes the form.</summary>
    /// <param name="page">The page.</param>
    /// <param name="sent">The values posted before; null for a new form.</param>
    /// <param name="faults">The faults of those values.</param>
    /// <param name="asksForName">Whether to ask for the sender's name.</param>
    public void Write(PageHtml page, ILookup<string, string>? sent, IReadOnlyList<ParameterFault> faults, bool asksForName)
    {
        page.Raw("<form method=\"post\" autocomplete=\"off\">\n");
        for (var i = 0; i < fields.Count; i++)
        {
            var own = fields[i];
            if (own.Kind == PayloadFieldKind.Secret)
                page.Element("p", $"'{own.Name}' is a secret, and cannot be entered here.", " class=\"help\"");
            else
                Write(page, own, $"f{Number(i)}", isSensitive ? null : sent, faults.Where(fault => Same(fault.Parameter, own.Name)).Select(fault => fault.Fault).FirstOrDefault());
        }

        if (asksForName)
            Write(page, OwnName, Sender, Sender, initial: null, sent, fault: null);
        page.Raw($"<p><button type=\"submit\" name=\"{Button}\" value=\"1\">Send the answer</button></p>\n</form>\n");
    }

    private IEnumerable<PayloadField> Asked => fields.Where(each => each.Kind != PayloadFieldKind.Secret);

    private void Write(PageHtml page, PayloadField field, string id, ILookup<string, string>? sent, string? fault) =>
        Write(page, field, id, Prefix + field.Name, field.Default, sent, fault);

    private void Write(PageHtml page, PayloadField field, string id, string name, string? initial, ILookup<string, string>? sent, string? fault)
    {
        string[] values = [.. sent is null ? (initial is null ? [] : [initial]) : sent[name]];
        var isGroup = field.Choices.Count > 0 && (field.IsList || (field.IsRequired && field.Choices.Count <= MaxRadios));
        var isRequired = field.IsRequired && !(isGroup && field.IsList) && field.Kind != PayloadFieldKind.Switch; // else every checkbox would be required
        var attributes = $" name=\"{PageHtml.Escape(name)}\"{Flag("required", isRequired)}{Flag("aria-invalid=\"true\"", fault is not null)}";
        var described = Described(id, field.Help is not null, fault is not null);
        if (isGroup)
            WriteGroup(page, field, id, attributes, described, values);
        else if (field.Kind == PayloadFieldKind.Switch)
            WriteSwitch(page, field, id, attributes + described + Flag("checked", values is [.., var last] && IsTrue(last)));
        else
            WriteControl(page, field, id, attributes + described, values);
        if (field.Help is not null)
            page.Element("p", field.Help, $" class=\"help\" id=\"{id}-help\"");
        if (fault is not null)
            page.Element("p", fault, $" class=\"error\" id=\"{id}-error\"");
        page.Raw(isGroup ? "</fieldset>\n" : "</div>\n");
    }

    private static void WriteSwitch(PageHtml page, PayloadField field, string id, string attributes) =>
        page.Raw($"<div class=\"field switch\"><label for=\"{id}\"><input type=\"checkbox\" id=\"{id}\" value=\"{Chosen}\"{attributes}>").Text(field.Name).Raw("</label>\n");

    private static void WriteGroup(PageHtml page, PayloadField field, string id, string attributes, string described, string[] values)
    {
        var type = field.IsList ? "checkbox" : "radio";
        page.Raw($"<fieldset{described}>\n<legend>").Text(field.Name).Raw($"{Hint(field)}</legend>\n");
        for (var i = 0; i < field.Choices.Count; i++)
        {
            var choice = field.Choices[i];
            var own = $"{id}-{Number(i)}";
            page.Raw($"<label for=\"{own}\"><input type=\"{type}\" id=\"{own}\" value=\"{PageHtml.Escape(choice)}\"{attributes}{Flag("checked", values.Any(value => Same(value, choice)))}>")
                .Text(choice).Raw("</label>\n");
        }
    }

    private void WriteControl(PageHtml page, PayloadField field, string id, string attributes, string[] values)
    {
        page.Raw($"<div class=\"field\"><label for=\"{id}\">").Text(field.Name).Raw($"{Hint(field)}</label>\n");
        if (field.Choices.Count > 0)
            WriteSelect(page, field, id, attributes, values);
        else if (field.IsList)
            page.Raw($"<textarea id=\"{id}\" rows=\"4\"{attributes}>\n").Text(string.Join("\n", values)).Raw("</textarea>\n");
        else
            page.Raw($"<input type=\"{TypeOf(field)}\" id=\"{id}\" value=\"").Text(values is [.., var last] ? last : string.Empty).Raw($"\"{attributes}{BoundsOf(field)}{Flag("autocomplete=\"off\"", isSensitive)}>\n");
    }

    private static void WriteSelect(PageHtml page, PayloadField field, string id, string attributes, string[] values)
    {
        page.Raw($"<select id=\"{id}\"{attributes}>\n<option value=\"\"></option>\n");
        foreach (var choice in field.Choices)
            page.Element("option", choice, $" value=\"{PageHtml.Escape(choice)}\"{Flag("selected", values.Any(value => Same(value, choice)))}");
        page.Raw("</select>\n");
    }

    // Sensitive values are masked while typed.
    private string TypeOf(PayloadField field) => field.Kind switch
    {
        PayloadFieldKind.Number => "number",
        PayloadFieldKind.Date => "date",
        PayloadFieldKind.Time => "datetime-local",
        _ => isSensitive ? "password" : "text",
    };

    private static string BoundsOf(PayloadField field) => field.Kind == PayloadFieldKind.Number
        ? $"{Bound("min", field.Minimum)}{Bound("max", field.Maximum)}{Flag($"step=\"{(field.IsWhole ? "1" : "any")}\"", true)}"
        : Bound("maxlength", field.MaxLength);

    // The bounds of the type itself are not worth showing, and a double cannot represent them exactly.
    private static string Bound(string name, double? value) =>
        value is { } number && Math.Abs(number) < 1e15 ? $" {name}=\"{number.ToString("R", CultureInfo.InvariantCulture)}\"" : string.Empty;

    private static string Hint(PayloadField field)
    {
        string[] hints = [.. new[] { field.IsRequired ? "required" : null, field is { IsList: true, Choices.Count: 0 } ? "one a line" : null }.OfType<string>()];
        return hints.Length == 0 ? string.Empty : $" <span class=\"hint\">({string.Join(", ", hints)})</span>";
    }

    private static string Described(string id, bool hasHelp, bool hasFault)
    {
        var ids = $"{(hasHelp ? $"{id}-help " : null)}{(hasFault ? $"{id}-error" : null)}".TrimEnd();
        return ids.Length == 0 ? string.Empty : $" aria-describedby=\"{ids}\"";
    }

    private static string Flag(string attribute, bool isSet) => isSet ? $" {attribute}" : string.Empty;

    private static bool IsTrue(string text) => Same(text, Chosen);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
