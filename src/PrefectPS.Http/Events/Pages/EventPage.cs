using System.Collections;
using System.Globalization;
using System.Net;
using PrefectPS.Flows;
using PrefectPS.Http.Serving;
using PrefectPS.Runs;

namespace PrefectPS.Http.Events.Pages;

/// <summary>The HTML pages of a link.</summary>
internal static class EventPage
{
    private const string Hidden = "(not shown)";

    /// <summary>Creates the page that asks for the answer.</summary>
    /// <param name="link">The link.</param>
    /// <param name="run">The run.</param>
    /// <param name="waiters">The waiting tasks.</param>
    /// <param name="form">The form.</param>
    /// <param name="sent">The values posted before; null for none.</param>
    /// <param name="refused">Why they were rejected; null for a new form.</param>
    public static HttpResponse Ask(EventLink link, AddressedRun run, IReadOnlyList<EventWaiter> waiters, EventForm form, ILookup<string, string>? sent, EventOutcome? refused)
    {
        var page = new PageHtml($"'{link.Name}' is asked for");
        if (refused is not null)
            WriteRefusal(page, refused, form);
        page.Facts(FactsOf(link, run, waiters));
        if (form.Missing is { } secret)
            page.Element("p", $"The task requires '{secret.Name}', a secret, which cannot be entered here.", " class=\"box\" role=\"alert\"");
        else
            form.Write(page, sent, refused?.Faults ?? [], asksForName: link.For is null);
        return Of(refused is null ? HttpStatusCode.OK : (HttpStatusCode)422, page);
    }

    /// <summary>Creates the page that confirms the answer.</summary>
    public static HttpResponse Done(EventLink link, EventOutcome outcome, string by, IDictionary payload, bool isSensitive)
    {
        var page = new PageHtml(outcome.Result == EventResult.Stored ? "The answer is stored" : "The answer is recorded");
        if (outcome.Result == EventResult.Stored)
            page.Element("p", outcome.Text);
        page.Facts(
        [
            ("Flow", link.Flow), ("Run", link.RunId), ("Event", link.Name), ("From", by), ("At", Time(DateTimeOffset.UtcNow)),
            .. payload.Keys.Cast<string>().OrderBy(name => name, StringComparer.OrdinalIgnoreCase).Select(name => (name, isSensitive ? Hidden : TextOf(payload[name]))),
        ]);
        page.Element("p", "This link can be used only once. You can close this window.");
        return Of(outcome.Result == EventResult.Stored ? HttpStatusCode.Accepted : HttpStatusCode.OK, page);
    }

    /// <summary>Creates an error page.</summary>
    public static HttpResponse Refuse(HttpStatusCode status, string title, string text) => Of(status, new PageHtml(title).Element("p", text, " class=\"box\""));

    private static void WriteRefusal(PageHtml page, EventOutcome refused, EventForm form)
    {
        page.Raw("<div class=\"box\" role=\"alert\">\n").Element("p", $"Nothing was recorded. {refused.Text}");
        foreach (var fault in refused.Faults.Where(fault => !form.Fields.Any(each => string.Equals(each.Name, fault.Parameter, StringComparison.OrdinalIgnoreCase))))
            page.Element("p", $"{fault.Parameter}: {fault.Fault}", " class=\"error\"");
        page.Raw("</div>\n");
    }

    private static IEnumerable<(string Name, string Text)> FactsOf(EventLink link, AddressedRun run, IReadOnlyList<EventWaiter> waiters)
    {
        yield return ("Flow", link.Flow);
        yield return ("Run", link.RunId);
        yield return (waiters.Count == 1 ? "Task" : "Tasks", string.Join(", ", waiters.Select(waiter => waiter.Path)));
        yield return ("State", run.State.IsSuspended ? $"suspended: {run.State.Message}" : waiters.Any(waiter => waiter.IsWaiting) ? "waits for the answer" : "does not wait yet; the answer will be kept");
        if (waiters.Select(waiter => waiter.State.Event?.Until).Max() is { } until)
            yield return ("Waits until", Time(until));
        yield return ("Link is good until", Time(link.Expires));
        if (link.For is { } person)
            yield return ("Made for", person);
    }

    private static string TextOf(object? value) => value is object?[] several ? string.Join(", ", several.Select(TextOf)) : value switch
    {
        true => "yes",
        false => "no",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static HttpResponse Of(HttpStatusCode status, PageHtml page) => new(status) { Content = page.ToContent() };
}
