using Microsoft.Playwright;

namespace PrefectPS.Integration.Tests.Reports;

/// <summary>A report in the browser. When it is closed, it has been found to have done nothing that it must not.</summary>
internal sealed class ReportPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    private ReportPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    public ILocator Details => Page.Locator("#details");

    public ILocator Rows => Page.Locator("#tasks tbody tr:not(.spacer)");

    public static async Task<ReportPage> OpenAsync(IBrowserContext context, string file)
    {
        var report = new ReportPage(context, await context.NewPageAsync());
        var address = new Uri(file).AbsoluteUri;
        var page = report.Page;
        page.Console += (_, message) => report._faults.Add($"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => report._faults.Add($"error: {error}");
        page.Dialog += (_, dialog) => report._faults.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => report.Note(request, address);
        await page.AddInitScriptAsync("addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));");
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("html[data-ready]");
        return report;
    }

    /// <summary>The names of the tasks that the table shows, in its order.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() => await Rows.Locator("th").AllInnerTextsAsync();

    /// <summary>A node of the graph.</summary>
    public ILocator Node(string name) => Page.Locator(".node", new() { Has = Page.Locator($".name:text-is('{name}')") });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_faults);
    }

    private void Note(IRequest request, string address)
    {
        if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            _faults.Add($"request: {request.Url}");
    }
}
