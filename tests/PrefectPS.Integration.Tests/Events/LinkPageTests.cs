using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>What a link answers to who opens it, and to who sends its form.</summary>
[Trait("Load", "heavy")]
public sealed class LinkPageTests(ListenerFixture listeners) : IClassFixture<ListenerFixture>
{
    [Fact]
    public async Task The_page_shows_flow_run_task_and_fields_and_can_only_post_its_form()
    {
        var run = listeners.Begin();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(run.Link(), TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        Assert.Matches("^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(
            ["no-store", "no-referrer", "DENY", "nosniff"],
            new[] { "Cache-Control", "Referrer-Policy", "X-Frame-Options", "X-Content-Type-Options" }.Select(name => answer.Headers.GetValues(name).Single()));
        string[] texts =
        [
            "<dd>release</dd>", $"<dd>{run.Id}</dd>", "<dd>approve</dd>", "waits for the answer", "value=\"yes\"", "Is it to go live?", "type=\"number\"", "value=\"3\"", "min=\"1\" max=\"5\"",
            "type=\"checkbox\"", "&#39;Pin&#39; is a secret",
        ];
        Assert.All(texts, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.All(["http", "<script", "p.Pin", "build"], text => Assert.DoesNotContain(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Opening_a_link_changes_nothing()
    {
        var run = listeners.Begin();
        var link = run.Link();
        var before = run.Objects();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await listeners.GetAsync(link)).Status);
            Assert.Equal((200, string.Empty), await listeners.SendAsync(new(HttpMethod.Head, link)));
            Assert.Equal(405, (await listeners.SendAsync(new(HttpMethod.Options, link))).Status);
            Assert.Equal(405, (await listeners.SendAsync(new(HttpMethod.Put, link))).Status);
            Assert.Equal(415, (await listeners.SendAsync(new(HttpMethod.Post, link))).Status); // as a program posts that looks at addresses
            Assert.Equal(400, (await listeners.SendAsync(new(HttpMethod.Post, link) { Content = new FormUrlEncodedContent([new("p.Answer", "yes")]) })).Status);
        }

        Assert.NotEmpty(before);
        Assert.Equal(before, run.Objects());
        Assert.Equal(StateType.Paused, run.Step().StateType);
    }

    [Fact]
    public async Task The_form_is_recorded_once_with_its_sender()
    {
        const string Sender = "Ada  L\uFFFD (unverified, link approval)";
        var run = listeners.Begin();
        var link = run.Link();
        var (status, page) = await listeners.PostFormAsync(link, ("p.Answer", "yes"), ("p.Grade", "4"), ("p.Urgent", "true"), ("p.Comment", "a <b> c"), ("sender", "Ada\r\nL\u001b"));
        Assert.Equal(200, status);
        Assert.Contains("<dd>a &lt;b&gt; c</dd>", page, StringComparison.Ordinal);
        Assert.Contains(Sender, page, StringComparison.Ordinal);
        Assert.Contains($"Event 'approval' sent by {Sender}", run.History);
        Assert.Equal(410, (await listeners.PostFormAsync(link, ("p.Answer", "no"))).Status);
        Assert.Equal(410, (await listeners.GetAsync(link)).Status);
        Assert.Equal(1, run.Kept);

        Assert.Equal(StateType.Success, run.Step().StateType);
        Assert.Equal([$"Answer=yes, Comment=a <b> c, Grade=4, Urgent=True by {Sender}"], run.Answers);
        Assert.Equal(410, (await listeners.PostFormAsync(link, ("p.Answer", "no"))).Status);
    }

    [Fact]
    public async Task Concurrent_posts_count_once()
    {
        var run = listeners.Begin();
        var link = run.Link();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => listeners.PostFormAsync(link, ("p.Answer", "yes"))));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 202 or 410, $"{answer.Status}: {answer.Text}"));
        Assert.Contains(answers, answer => answer.Status == 200);
        Assert.Equal(1, run.Kept);
        Assert.Equal(StateType.Success, run.Step().StateType);
        Assert.Single(run.Answers);
    }

    [Fact]
    public async Task A_link_for_a_person_is_recorded_under_that_name()
    {
        var run = listeners.Begin();
        var link = run.Link(person: "alice");
        Assert.DoesNotContain("name=\"sender\"", (await listeners.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await listeners.PostFormAsync(link, ("p.Answer", "yes"), ("sender", "bob"))).Status);
        Assert.Contains("Event 'approval' sent by alice (link approval)", run.History);
    }

    [Fact]
    public async Task Invalid_values_are_reported_beside_their_fields_and_nothing_is_recorded()
    {
        var run = listeners.Begin();
        var link = run.Link();
        var (status, page) = await listeners.PostFormAsync(link, ("p.Answer", "<i>"), ("p.Grade", "9"), ("p.Comment", "bad"));
        Assert.Equal(422, status);
        Assert.Matches("id=\"f0-error\">[^<]*&lt;i&gt;", page);
        Assert.Matches("id=\"f1-error\">[^<]*9", page);
        Assert.Matches("id=\"f3-error\">[^<]*bad", page);
        Assert.Contains("id=\"f3\" value=\"bad\"", page, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"f3-error\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"f0-error\">It is required.</p>", (await listeners.PostFormAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(422, (await listeners.PostFormAsync(link, ("p.Answer", "yes"), ("p.Other", "1"))).Status);
        Assert.Equal(422, (await listeners.PostFormAsync(link, ("p.Answer", "yes"), ("p.Pin", "1"))).Status);
        Assert.Equal(0, run.Kept);
        Assert.Equal(200, (await listeners.PostFormAsync(link, ("p.Answer", "yes"))).Status);
    }

    [Fact]
    public async Task Values_for_a_sensitive_task_are_never_shown()
    {
        var run = listeners.Begin("hidden");
        var link = run.Link();
        Assert.Contains("<input type=\"password\" id=\"f3\"", (await listeners.GetAsync(link)).Text, StringComparison.Ordinal);
        var refused = await listeners.PostFormAsync(link, ("p.Answer", "maybe"), ("p.Comment", "needle"), ("p.Grade", "777"));
        Assert.Equal(422, refused.Status);
        var taken = await listeners.PostFormAsync(link, ("p.Answer", "yes"), ("p.Comment", "needle"));
        Assert.Equal(200, taken.Status);
        Assert.DoesNotContain("needle", refused.Text + taken.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("777", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forged_expired_and_foreign_links_reveal_nothing_of_the_run()
    {
        var run = listeners.Begin();
        Uri[] forged = [new($"{run.Link()}x"), new(run.Address, "events"), new(run.Address, "events?link="), run.Link(keys: new(new byte[32]))];
        foreach (var each in forged)
            await AssertRefusedAsync(each, 403, "This link is not valid");
        await AssertRefusedAsync(run.Link(ofFlow: "other"), 404, "This flow is not served here");
        await AssertRefusedAsync(run.Link(expires: DateTimeOffset.UtcNow.AddSeconds(-1)), 410, "This link has expired");
        Assert.Equal(0, run.Kept);

        async Task AssertRefusedAsync(Uri address, int status, string title)
        {
            foreach (var (given, text) in new[] { await listeners.GetAsync(address), await listeners.PostFormAsync(address, ("p.Answer", "yes")) })
            {
                Assert.Equal(status, given);
                Assert.Contains($"<h1>{title}</h1>", text, StringComparison.Ordinal);
                Assert.DoesNotContain("approv", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_run_that_accepts_no_answer_says_why()
    {
        var over = listeners.Begin();
        var ofOver = over.Link();
        over.Send(RequestKind.Event);
        over.Step();
        await AssertSaysAsync(ofOver, 409, "The run is over");

        var stopped = listeners.Begin();
        var ofStopped = stopped.Link();
        stopped.Send(RequestKind.Stop);
        await AssertSaysAsync(ofStopped, 409, "The run was stopped");

        var removed = listeners.Begin();
        var ofRemoved = removed.Link();
        removed.Remove();
        await AssertSaysAsync(ofRemoved, 404, "There is no such run");
        removed.Step();
        await AssertSaysAsync(ofRemoved, 409, "The run was started again");

        var skipped = listeners.Begin();
        var ofSkipped = skipped.Link();
        skipped.Send(RequestKind.Edit);
        await AssertSaysAsync(ofSkipped, 409, "Nothing waits for this any more");

        async Task AssertSaysAsync(Uri link, int status, string title)
        {
            foreach (var (given, text) in new[] { await listeners.GetAsync(link), await listeners.PostFormAsync(link, ("p.Answer", "yes")) })
                Assert.Equal((status, true), (given, text.Contains($"<h1>{title}</h1>", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_suspended_run_keeps_the_answer()
    {
        var run = listeners.Begin();
        run.Send(RequestKind.Suspend);
        var link = run.Link();
        Assert.Contains("<dd>suspended: Suspended by bob.</dd>", (await listeners.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await listeners.PostFormAsync(link, ("p.Answer", "yes"))).Status);
        Assert.Equal(1, run.Kept);
    }

    [Fact]
    public async Task A_name_with_variables_addresses_one_task_and_texts_are_escaped()
    {
        var run = listeners.Begin(ListenerFixture.Evil, "r&1");
        var (status, page) = await listeners.GetAsync(run.Link("go-approve-r&1"));
        Assert.Equal(200, status);
        Assert.Contains("<dd>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&lt;/script&gt;</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<h1>&#39;go-approve-r&amp;1&#39; is asked for</h1>", page, StringComparison.Ordinal);
        Assert.Equal(200, (await listeners.PostFormAsync(run.Link("GO-approve-r&1"), ("p.Answer", "no"))).Status);
        Assert.Equal(StateType.Success, run.Step().StateType);
    }

    [Fact]
    public async Task An_answer_that_comes_before_its_task_waits_is_kept()
    {
        var run = listeners.Make(() => throw new InvalidOperationException("not yet"));
        run.Step();
        var link = run.Link();
        Assert.Contains("does not wait yet; the answer will be kept", (await listeners.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await listeners.PostFormAsync(link, ("p.Answer", "yes"))).Status);
        Assert.Equal(1, run.Kept);
    }

    [Fact]
    public async Task The_page_is_served_only_below_the_listeners_path()
    {
        var link = listeners.Begin("signed").Link();
        Assert.Equal(200, (await listeners.GetAsync(link)).Status);
        Assert.Equal(404, (await listeners.GetAsync(new(link.AbsoluteUri.Replace("/teams/a%20b", string.Empty, StringComparison.Ordinal)))).Status);
        Assert.Equal(405, (await listeners.GetAsync(new(link.AbsoluteUri.Replace("/events", "/other/events", StringComparison.Ordinal)))).Status);
    }
}
