using Microsoft.Playwright;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Reports;

/// <summary>Chromium without a window, as Debian's package installs it.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string[] Quiet =
        ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <exception cref="EmulatorMissingException">There is no Chromium here.</exception>
    public static async Task<Browser> StartAsync()
    {
        if (!File.Exists(Chromium))
            throw new EmulatorMissingException($"Pages are tested in {Chromium}, which is not here: install Debian's package chromium.");
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, ChromiumSandbox = false, Args = Quiet }));
    }

    /// <summary>Opens a page in a window of its own, which keeps note of all that a report must not do.</summary>
    public async Task<ReportPage> OpenAsync(string file, int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light) =>
        await ReportPage.OpenAsync(await NewWindowAsync(width, height, colours), file);

    /// <summary>Opens a window with nothing of any other in it.</summary>
    public Task<IBrowserContext> NewWindowAsync(int width, int height, ColorScheme colours = ColorScheme.Light) => _browser.NewContextAsync(new()
    {
        ViewportSize = new() { Width = width, Height = height },
        ColorScheme = colours,
        Locale = "en-GB",
        TimezoneId = "UTC",
    });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
