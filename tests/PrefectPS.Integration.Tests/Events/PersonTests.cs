using Microsoft.Playwright;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Integration.Tests.Reports;
using PrefectPS.States;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>What a person sees and does on the page of a link, in a browser.</summary>
[Trait("Load", "heavy")]
public sealed class PersonTests(ListenerFixture listeners, PersonTests.BrowserFixture browser) : IClassFixture<ListenerFixture>, IClassFixture<PersonTests.BrowserFixture>
{
    private const int Narrow = 320;

    [Fact]
    public async Task The_form_can_be_answered_by_keyboard_alone()
    {
        var run = listeners.Begin();
        await using var form = await OpenAsync(run.Link());
        var keys = form.Page.Keyboard;
        await keys.PressAsync("Tab");
        await Assertions.Expect(form.Page.GetByLabel("yes")).ToBeFocusedAsync();
        await keys.PressAsync("ArrowDown");
        await Assertions.Expect(form.Page.GetByLabel("no")).ToBeCheckedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("ControlOrMeta+A");
        await keys.TypeAsync("5");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Space");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("too late");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("Ada");
        await keys.PressAsync("Enter");

        await Assertions.Expect(form.Title).ToHaveTextAsync("The answer is recorded");
        await Assertions.Expect(form.Page.Locator("main")).ToContainTextAsync("Ada (unverified, link approval)");
        Assert.Equal(StateType.Success, run.Step().StateType);
        Assert.Equal(["Answer=no, Comment=too late, Grade=5, Urgent=True by Ada (unverified, link approval)"], run.Answers);

        await form.Page.ReloadAsync(); // the browser sends the form again
        await Assertions.Expect(form.Title).ToHaveTextAsync("This link has been used");
        Assert.Equal(2, form.Sent);
    }

    [Fact]
    public async Task The_button_is_focusable_with_a_visible_focus()
    {
        await using var form = await OpenAsync(listeners.Begin().Link());
        await form.Page.GetByLabel("Your name").FocusAsync();
        await form.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(form.Button).ToBeFocusedAsync();
        Assert.Equal("solid", await form.Button.EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle"));
    }

    [Fact]
    public async Task Nothing_is_sent_before_required_fields_are_set()
    {
        var run = listeners.Begin();
        await using var form = await OpenAsync(run.Link());
        await form.Button.ClickAsync();
        Assert.Equal(0, form.Sent);
        await form.Page.GetByLabel("yes").CheckAsync();
        await form.Page.GetByLabel("Grade").FillAsync("7");
        await form.Button.ClickAsync();
        Assert.Equal(0, form.Sent);
        await form.Page.GetByLabel("Grade").FillAsync("2");
        await form.Button.ClickAsync();
        await Assertions.Expect(form.Title).ToHaveTextAsync("The answer is recorded");
        Assert.Equal(1, run.Kept);
    }

    [Fact]
    public async Task A_rejected_value_is_reported_beside_its_field_and_kept()
    {
        var run = listeners.Begin();
        await using var form = await OpenAsync(run.Link());
        await form.Page.GetByLabel("yes").CheckAsync();
        await form.Page.GetByLabel("Comment").FillAsync("bad");
        await form.Page.GetByLabel("Your name").FillAsync("Ada");
        await form.Button.ClickAsync();

        await Assertions.Expect(form.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was recorded.");
        var comment = form.Page.GetByLabel("Comment");
        var error = form.Page.Locator(".error");
        await Assertions.Expect(comment).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(comment).ToHaveValueAsync("bad");
        await Assertions.Expect(comment).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("bad"));
        await Assertions.Expect(form.Page.GetByLabel("yes")).ToBeCheckedAsync();
        await Assertions.Expect(form.Page.GetByLabel("Your name")).ToHaveValueAsync("Ada");
        var (field, text) = (await comment.BoundingBoxAsync(), await error.BoundingBoxAsync());
        Assert.InRange(text!.Y - (field!.Y + field.Height), 0, 24);
        Assert.Equal(0, run.Kept);

        await comment.FillAsync("good");
        await form.Button.ClickAsync();
        await Assertions.Expect(form.Title).ToHaveTextAsync("The answer is recorded");
        await Assertions.Expect(form.Page.Locator(".error")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("release", ColorScheme.Light)]
    [InlineData("release", ColorScheme.Dark)]
    [InlineData("hidden", ColorScheme.Light)]
    [InlineData(ListenerFixture.Evil, ColorScheme.Light)]
    public async Task On_a_narrow_screen_nothing_overflows_and_each_control_has_a_name(string flow, ColorScheme colours)
    {
        var run = listeners.Begin(flow, $"{new string('w', 90)}{Guid.NewGuid():n}");
        await using var form = await OpenAsync(run.Link(flow == ListenerFixture.Evil ? $"go-approve-{run.Id}" : "approval"), Narrow, colours);
        Assert.Equal(0, await form.OverflowAsync());
        Assert.Empty(await form.NameFaultsAsync());

        await form.Page.GetByLabel("no").CheckAsync();
        await form.Page.GetByLabel("Comment").FillAsync("bad");
        await form.Button.ClickAsync();
        await Assertions.Expect(form.Page.Locator(".error")).ToHaveCountAsync(1);
        Assert.Equal(0, await form.OverflowAsync());
        Assert.Empty(await form.NameFaultsAsync());

        await form.Page.GetByLabel("no").CheckAsync();
        await form.Page.GetByLabel("Comment").FillAsync($"{new string('m', 200)} <img src=x onerror=alert(1)>");
        await form.Button.ClickAsync();
        await Assertions.Expect(form.Title).ToHaveTextAsync("The answer is recorded");
        Assert.Equal(0, await form.OverflowAsync());
    }

    [Fact]
    public async Task The_facts_fit_a_narrow_screen()
    {
        var run = listeners.Begin();
        await using var forged = await OpenAsync(new($"{run.Link()}x"), Narrow);
        await Assertions.Expect(forged.Title).ToHaveTextAsync("This link is not valid");
        Assert.Equal(0, await forged.OverflowAsync());
    }

    private async Task<FormPage> OpenAsync(Uri link, int width = 1024, ColorScheme colours = ColorScheme.Light) =>
        await FormPage.OpenAsync(await (await browser.GetAsync()).NewWindowAsync(width, 640, colours), link);

    /// <summary>The browser; a test is skipped where there is none.</summary>
    public sealed class BrowserFixture : IAsyncLifetime
    {
        private readonly LazyEmulator<Browser> _browser = new(Browser.StartAsync);

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        internal Task<Browser> GetAsync() => _browser.GetAsync();

        public ValueTask DisposeAsync() => _browser.DisposeAsync();
    }
}
