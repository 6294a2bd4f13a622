using Microsoft.Playwright;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>The page of a link in the browser. When it is closed, it has been found to have done nothing that it must not.</summary>
internal sealed class FormPage : IAsyncDisposable
{
    private readonly IBrowserContext _window;
    private readonly List<string> _faults = [];

    private FormPage(IBrowserContext window, IPage page) => (_window, Page) = (window, page);

    public IPage Page { get; }

    public ILocator Title => Page.Locator("h1");

    public ILocator Button => Page.GetByRole(AriaRole.Button, new() { Name = "Send the answer", Exact = true });

    /// <summary>How often the form was sent.</summary>
    public int Sent { get; private set; }

    public static async Task<FormPage> OpenAsync(IBrowserContext window, Uri link)
    {
        var form = new FormPage(window, await window.NewPageAsync());
        var page = form.Page;
        page.Console += (_, message) => form.Note(message);
        page.PageError += (_, error) => form._faults.Add($"error: {error}");
        page.Dialog += (_, dialog) => form._faults.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => form.Note(request, link.AbsoluteUri);
        await page.AddInitScriptAsync("addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));");
        await page.GotoAsync(link.AbsoluteUri);
        return form;
    }

    /// <summary>How far it goes beyond the right edge of the window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("Math.max(0, ...[...document.querySelectorAll('*')].map((e) => Math.ceil(e.getBoundingClientRect().right) - innerWidth), document.documentElement.scrollWidth - innerWidth)");

    /// <summary>What is wrong with the names of controls and with what describes them.</summary>
    public Task<string[]> NameFaultsAsync() => Page.EvaluateAsync<string[]>("""
        () => {
            const faults = [];
            const controls = [...document.querySelectorAll('input, select, textarea')];
            for (const control of controls) {
                if (!control.labels.length || !control.labels[0].textContent.trim()) faults.push(`${control.id}: no label`);
                if (control.labels[0]?.htmlFor !== control.id) faults.push(`${control.id}: its label is of ${control.labels[0]?.htmlFor}`);
                if (control.type === 'radio' && !control.closest('fieldset')?.querySelector('legend')?.textContent.trim()) faults.push(`${control.id}: no legend`);
            }
            const described = [...document.querySelectorAll('[aria-describedby]')].flatMap((e) => e.getAttribute('aria-describedby').split(' '));
            faults.push(...described.filter((id) => !document.getElementById(id)).map((id) => `${id}: described by nothing`));
            const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
            faults.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `${id}: twice`));
            return controls.length ? faults : ['no controls'];
        }
        """);

    public async ValueTask DisposeAsync()
    {
        await _window.DisposeAsync();
        Assert.Empty(_faults);
    }

    // The number of an answer is no message of the page.
    private void Note(IConsoleMessage message)
    {
        if (!message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal))
            _faults.Add($"console {message.Type}: {message.Text}");
    }

    private void Note(IRequest request, string link)
    {
        if (request.Url != link)
            _faults.Add($"request: {request.Url}");
        Sent += request.Method == "POST" ? 1 : 0;
    }
}
