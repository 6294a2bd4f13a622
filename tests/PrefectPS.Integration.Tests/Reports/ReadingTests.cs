using Microsoft.Playwright;

namespace PrefectPS.Integration.Tests.Reports;

/// <summary>What a reader sees and does in a report, in a browser.</summary>
[Trait("Load", "heavy")]
public class ReadingTests(ReportFixture reports) : IClassFixture<ReportFixture>
{
    [Fact]
    public async Task A_click_on_a_task_in_the_graph_shows_its_details()
    {
        await using var report = await reports.OpenAsync("night.html");

        await report.Node("stock").ClickAsync();

        await Assertions.Expect(report.Details).ToBeVisibleAsync();
        await Assertions.Expect(report.Details.Locator("h2")).ToHaveTextAsync("stock");
        await Assertions.Expect(report.Details).ToContainTextAsync("4321");
        await Assertions.Expect(report.Details).ToContainTextAsync("Attempt3");
        await report.Button("Close").ClickAsync();
        await Assertions.Expect(report.Details).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Failures_are_listed_first_with_their_script_lines()
    {
        await using var report = await reports.OpenAsync("night.html");
        var problems = report.Page.Locator("#problems");

        await Assertions.Expect(problems).ToContainTextAsync("1 task failed");
        await Assertions.Expect(problems).ToContainTextAsync("Register 4711 of IT answers: access denied");
        await Assertions.Expect(problems).ToContainTextAsync("report.ps1:");
        await report.Button("Details of orders[5]").ClickAsync();

        await Assertions.Expect(report.Details.Locator("summary")).ToHaveTextAsync("Stack");
        await Assertions.Expect(report.Details).ToContainTextAsync("if ($country -eq 'IT')");
    }

    [Fact]
    public async Task State_counts_and_search_words_filter_all_parts()
    {
        await using var report = await reports.OpenAsync("night.html");

        await report.Page.Locator(".chip", new() { HasText = "TriggerFailed" }).ClickAsync();
        Assert.Equal(["total", "mail"], await report.NamesAsync());
        await Assertions.Expect(report.Node("rates")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("dimmed"));
        await Assertions.Expect(report.Page.Locator("#tasks [role=status]")).ToHaveTextAsync("2 of 19 tasks");

        await report.Button("Clear filters").ClickAsync();
        await report.Page.GetByLabel("Filter the tasks").FillAsync("access denied");
        Assert.Equal(["orders[5]"], await report.NamesAsync());

        await report.Page.GetByLabel("Filter the tasks").FillAsync("nothing of the kind");
        await Assertions.Expect(report.Page.Locator("#tasks .empty")).ToHaveTextAsync("No task is like that.");
    }

    [Fact]
    public async Task Each_column_sorts_up_then_down_then_as_the_flow_has_it()
    {
        await using var report = await reports.OpenAsync("night.html");
        var columns = report.Page.Locator("#tasks thead th");
        var before = await report.NamesAsync();

        for (var i = 0; i < await columns.CountAsync(); i++)
        {
            foreach (var order in new[] { "ascending", "descending", "none" })
            {
                await columns.Nth(i).GetByRole(AriaRole.Button).ClickAsync();
                await Assertions.Expect(columns.Nth(i)).ToHaveAttributeAsync("aria-sort", order);
            }
        }

        Assert.Equal(before, await report.NamesAsync());
        await report.Button("Duration").ClickAsync();
        await report.Button("Duration").ClickAsync();
        Assert.Equal("orders[3]", (await report.NamesAsync())[0]);
        await report.Button("Task").ClickAsync();
        Assert.Equal("alert", (await report.NamesAsync())[0]);
    }

    [Fact]
    public async Task The_graph_is_zoomed_by_wheel_keys_and_buttons_and_moved_by_dragging()
    {
        await using var report = await reports.OpenAsync("night.html");
        var frame = report.Page.Locator(".frame");
        var node = report.Node("archive");
        var width = (await node.BoundingBoxAsync())!.Width;

        await report.Button("Zoom in").ClickAsync();
        var larger = (await node.BoundingBoxAsync())!.Width;
        Assert.True(larger > width * 1.2);

        await node.FocusAsync();
        await report.Page.Keyboard.PressAsync("-");
        await report.Page.Keyboard.PressAsync("-");
        Assert.True((await node.BoundingBoxAsync())!.Width < width);

        await frame.HoverAsync(new() { Position = new() { X = 20, Y = 20 } });
        var zoom = report.Page.Locator("#graph .zoom");
        var before = await zoom.InnerTextAsync();
        await report.Page.Mouse.WheelAsync(0, -300);
        await Assertions.Expect(zoom).Not.ToHaveTextAsync(before);

        await report.Button("Fit to the frame").ClickAsync();
        var from = (await node.BoundingBoxAsync())!;
        var corner = (await frame.BoundingBoxAsync())!;
        await report.Page.Mouse.MoveAsync(corner.X + 10, corner.Y + 10);
        await report.Page.Mouse.DownAsync();
        await report.Page.Mouse.MoveAsync(corner.X + 60, corner.Y + 40, new() { Steps = 5 });
        await report.Page.Mouse.UpAsync();
        var to = (await node.BoundingBoxAsync())!;
        Assert.Equal((50, 30), ((int)Math.Round(to.X - from.X), (int)Math.Round(to.Y - from.Y)));
    }

    [Fact]
    public async Task All_can_be_done_with_the_keyboard_alone()
    {
        await using var report = await reports.OpenAsync("night.html");
        var keyboard = report.Page.Keyboard;

        await keyboard.PressAsync("Tab");
        await Assertions.Expect(report.Page.Locator(".skip")).ToBeFocusedAsync();
        await report.Rows.Locator("button").First.FocusAsync();
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(report.Details.Locator("h2")).ToHaveTextAsync("rates");
        await Assertions.Expect(report.Details.Locator("h2")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(report.Details).ToBeHiddenAsync();
        await Assertions.Expect(report.Rows.Locator("button").Nth(1)).ToBeFocusedAsync();

        await report.Node("countries").FocusAsync();
        await keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(report.Node("orders")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(report.Details.Locator("h2")).ToHaveTextAsync("orders");
    }

    [Fact]
    public async Task The_timeline_shows_the_same_bars_by_task_step_and_worker()
    {
        await using var report = await reports.OpenAsync("night.html");
        var bars = report.Page.Locator("#timeline .run");

        Assert.Equal(15, await bars.CountAsync());
        await report.Button("By step").ClickAsync();
        await Assertions.Expect(report.Page.Locator("#timeline .label").First).ToContainTextAsync("Step 1");
        await report.Button("By worker").ClickAsync();
        await Assertions.Expect(report.Page.Locator("#timeline .row")).ToHaveCountAsync(4);
        await report.Page.Locator("#timeline .run[aria-label^='orders[3]:']").ClickAsync();
        await Assertions.Expect(report.Details.Locator("h2")).ToHaveTextAsync("orders[3]");
    }

    [Fact]
    public async Task The_timeline_of_a_recorded_run_has_steps_budgets_idle_times_and_earlier_attempts()
    {
        await using var report = await reports.OpenAsync("steps.html");
        var timeline = report.Page.Locator("#timeline");

        await Assertions.Expect(report.Page.Locator("#summary")).ToContainTextAsync("Idle between steps1.");
        await Assertions.Expect(timeline.Locator(".axis .idle")).ToHaveCountAsync(2);
        await Assertions.Expect(timeline.Locator(".row")).ToHaveCountAsync(6);
        await Assertions.Expect(timeline.Locator(".run[aria-label^='stock:']")).ToHaveCountAsync(3);
        await Assertions.Expect(timeline.Locator(".run.earlier")).ToHaveCountAsync(2);

        await report.Button("By step").ClickAsync();
        var rows = timeline.Locator(".row");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(timeline.Locator(".budget")).ToHaveCountAsync(3);
        await Assertions.Expect(timeline.Locator(".pause")).ToHaveCountAsync(2);
        for (var step = 0; step < 3; step++)
        {
            await Assertions.Expect(rows.Nth(step).Locator(".label")).ToContainTextAsync($"Step {step + 1}");
            await Assertions.Expect(rows.Nth(step).Locator(".note")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9.]+ m?s of 1 s$"));
            await Assertions.Expect(rows.Nth(step).Locator(".label")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex(", 3 tasks at most$"));
        }

        await timeline.Locator(".run.earlier").First.ClickAsync();
        await Assertions.Expect(report.Details.Locator("h2")).ToHaveTextAsync("stock");
        await Assertions.Expect(report.Details.Locator(".history li")).ToHaveCountAsync(8);
        await Assertions.Expect(report.Details.Locator(".history")).ToContainTextAsync("The warehouse is busy");
        await Assertions.Expect(report.Details.Locator(".history li").Last).ToContainTextAsync("Successstep 3");
        await Assertions.Expect(report.Details.Locator(".log li")).ToHaveCountAsync(3);
        await Assertions.Expect(report.Details.Locator(".log li").Last).ToContainTextAsync("informationAsking the warehouse, attempt 3");
        Assert.Equal("3", await report.Rows.Filter(new() { HasText = "stock" }).Locator("td").Nth(4).InnerTextAsync());
    }

    [Fact]
    public async Task Without_the_flow_the_graph_has_no_edges_and_says_why()
    {
        await using var report = await reports.OpenAsync("outlined.html");

        await Assertions.Expect(report.Page.Locator("#graph .node")).ToHaveCountAsync(4);
        await Assertions.Expect(report.Page.Locator("#graph .edge")).ToHaveCountAsync(0);
        await Assertions.Expect(report.Page.Locator("#graph-help")).ToContainTextAsync("Which task waits for which is in the flow, and not on record");
        await Assertions.Expect(report.Page.Locator("#timeline .run.earlier")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_task_with_a_single_child_looks_like_one_with_several()
    {
        await using var report = await reports.OpenAsync("small.html");
        var pile = new System.Text.RegularExpressions.Regex("\\bmany\\b");

        await Assertions.Expect(report.Node("whole")).ToHaveClassAsync(pile);
        await Assertions.Expect(report.Node("whole")).ToContainTextAsync("1 part");
        await Assertions.Expect(report.Node("alone")).Not.ToHaveClassAsync(pile);
    }

    [Fact]
    public async Task A_wide_graph_does_not_shrink_the_print()
    {
        await using var report = await reports.OpenAsync("small.html");
        var width = await report.Page.EvaluateAsync<double>("document.querySelector('.edges').getBBox().width");
        Assert.True(width > 800, $"The graph is {width} wide: not wider than a page.");

        var scale = PrintedScale.Of(await report.Page.PdfAsync(new() { Format = "A4" }));

        Assert.Equal(0.75, scale, tolerance: 0.01); // points a pixel
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_the_reader_chooses()
    {
        await using var report = await reports.OpenAsync("night.html", isDark: true);

        Assert.True(await IsDarkAsync(report));
        await report.Page.Locator(".theme").ClickAsync();
        Assert.False(await IsDarkAsync(report));
        await report.Page.Locator(".theme").ClickAsync();
        Assert.True(await IsDarkAsync(report));
        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await IsDarkAsync(report));
    }

    [Fact]
    public async Task All_rows_and_the_whole_graph_are_printed()
    {
        await using var report = await reports.OpenAsync("large.html");

        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await report.Page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
        Assert.Equal(5000, await report.Rows.CountAsync());
        await report.Page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
        Assert.True(await report.Rows.CountAsync() < 100);
    }

    [Fact]
    public async Task Ten_thousand_tasks_are_a_graph_of_few_groups_and_a_table_of_few_rows()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await using var report = await reports.OpenAsync("large.html");
        TestContext.Current.SendDiagnosticMessage($"10,002 tasks, {reports.SizeOf("large.html")} bytes, open after {clock.ElapsedMilliseconds} ms");

        Assert.InRange(await report.Page.Locator(".node").CountAsync(), 1, 80);
        Assert.True(await report.Rows.CountAsync() < 100);
        Assert.True(await report.Page.Locator("#timeline .run").CountAsync() < 1000);

        await report.Page.GetByLabel("Filter the tasks").FillAsync("each[3332]");
        Assert.Equal(["each[3332]"], await report.NamesAsync());
        await report.Button("Clear filters").ClickAsync();
        await report.Rows.Locator("button").First.FocusAsync();
        await report.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(report.Page.Locator(":focus")).ToHaveTextAsync("step6000");
    }

    [Fact]
    public async Task No_data_of_a_run_is_parsed_as_markup_or_script()
    {
        const string evil = """<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>""";
        await using var report = await reports.OpenAsync("evil.html");

        await Assertions.Expect(report.Page.Locator("h1")).ToContainTextAsync($"title {evil}");
        await Assertions.Expect(report.Page.Locator(".parameters")).ToContainTextAsync($"value {evil}");
        for (var i = 0; i < await report.Rows.CountAsync(); i++)
        {
            await report.Rows.Nth(i).Locator("button").ClickAsync();
            await Assertions.Expect(report.Details).ToContainTextAsync(evil);
        }

        Assert.Equal(0, await report.Page.Locator("img, iframe, object, embed").CountAsync());
        Assert.Equal(0, await report.Page.EvaluateAsync<int>("() => [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => /^on|^style$/.test(a.name) && !a.ownerElement.style.length)).length"));
    }

    [Fact]
    public async Task A_run_without_tasks_says_so()
    {
        await using var report = await reports.OpenAsync("empty.html");

        Assert.Equal(["This flow has no tasks.", "No task has run yet.", "This flow has no tasks."], await report.Page.Locator(".empty:visible").AllInnerTextsAsync());
    }

    [Fact]
    public async Task Nothing_overflows_a_phones_screen()
    {
        await using var report = await reports.OpenAsync("evil.html", width: 390, height: 844);

        Assert.Equal(390, await report.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Theory]
    [InlineData("night.html", false)]
    [InlineData("night.html", true)]
    [InlineData("steps.html", false)]
    [InlineData("evil.html", false)]
    [InlineData("empty.html", true)]
    public async Task The_page_is_accessible(string name, bool isDark)
    {
        var packages = await new Emulators.NodePackages("tests/browser").InstallAsync();
        await using var report = await reports.OpenAsync(name, isDark: isDark);
        if (await report.Rows.CountAsync() > 0)
            await report.Rows.Locator("button").First.ClickAsync();

        await report.Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(packages, "node_modules/axe-core/axe.min.js"), TestContext.Current.CancellationToken));
        var faults = await report.Page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target + ' ' + n.failureSummary).join('; ')}`)");

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("light", false, 1440)]
    [InlineData("dark", true, 1440)]
    [InlineData("narrow", false, 390)]
    public async Task A_picture_is_kept_to_be_looked_at(string name, bool isDark, int width)
    {
        await using var report = await reports.OpenAsync("night.html", width, isDark: isDark);

        await report.Page.ScreenshotAsync(new() { Path = Repository.PathOf($"artifacts/report-{name}.png"), FullPage = true });
    }

    [Fact]
    public async Task A_picture_of_the_steps_is_kept_too()
    {
        await using var report = await reports.OpenAsync("steps.html", width: 1100);

        await report.Button("By step").ClickAsync();
        await report.Page.Locator("#timeline").ScreenshotAsync(new() { Path = Repository.PathOf("artifacts/report-steps.png") });
    }

    private static Task<bool> IsDarkAsync(ReportPage report) =>
        report.Page.EvaluateAsync<bool>("() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every((part) => part < 100)");
}
