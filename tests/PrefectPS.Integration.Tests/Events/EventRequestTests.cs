using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PrefectPS.Channels;
using PrefectPS.Http;
using PrefectPS.Http.Listening;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>What a program is answered that sends an event by the listener.</summary>
[Trait("Load", "heavy")]
public sealed class EventRequestTests(ListenerFixture listeners) : IClassFixture<ListenerFixture>
{
    private const string Yes = """{"Answer":"yes"}""";
    private static readonly (string, string) Known = ("X-PrefectPS-Secret", "known");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_recorded_before_the_response_and_its_run_is_published()
    {
        var run = listeners.Begin();
        var (status, text) = await listeners.PostAsync(run.ApiOf(), """{"answer":"yes","Grade":2,"Urgent":true}""", headers: [Known, ("Idempotency-Key", "one%2Fa"), ("X-PrefectPS-Requested-By", "b%C3%B6b")]);
        Assert.Equal(200, status);
        Assert.Equal($$"""{"id":"one/a","result":"Applied","run":"{{run.Id}}","state":"Pending"}""", text);
        Assert.Contains("Event 'approval' sent by böb", run.History);
        Assert.Equal((run.Id, 1), await MessageOfAsync(run.Id));

        var again = await listeners.PostAsync(run.ApiOf(), """{"Answer":"no"}""", headers: [Known, ("Idempotency-Key", "one%2Fa")]);
        Assert.Equal((200, "Repeated"), (again.Status, Result(again.Text)));
        Assert.Equal((null, null), await MessageOfAsync(run.Id)); // it was sent
        Assert.Equal(StateType.Success, run.Step().StateType);
        Assert.Equal(["Grade=2, Urgent=True, answer=yes by böb"], run.Answers);
        Assert.Equal(200, (await listeners.PostAsync(run.ApiOf(), Yes, headers: [Known, ("Idempotency-Key", "one%2Fa")])).Status);
    }

    [Fact]
    public async Task A_repeat_after_a_crash_publishes_the_run()
    {
        var run = listeners.Begin();
        run.Send(RequestKind.Event, id: "lost");
        var (status, text) = await listeners.PostAsync(run.ApiOf(), Yes, headers: [Known, ("Idempotency-Key", "lost")]);
        Assert.Equal((200, "Repeated"), (status, Result(text)));
        Assert.Equal((run.Id, 1), await MessageOfAsync(run.Id));
        Assert.Equal(200, (await listeners.PostAsync(run.ApiOf(), Yes, headers: [Known, ("Idempotency-Key", "lost")])).Status);
        Assert.Equal((null, null), await MessageOfAsync(run.Id)); // once from here, however often it comes
        Assert.Equal(1, run.Kept);
    }

    [Fact]
    public async Task With_a_busy_step_the_event_is_stored_and_the_run_published_for_the_next_step()
    {
        using var isAsked = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var run = listeners.Make(() =>
        {
            isAsked.Set();
            mayEnd.Wait(TimeSpan.FromMinutes(1));
            return null;
        });
        var step = Task.Run(() => run.Step(), Stop);
        isAsked.Wait(Stop);
        var link = run.Link();
        var (status, page) = await listeners.PostFormAsync(link, ("p.Answer", "yes"));
        Assert.Equal((202, true), (status, page.Contains("<h1>The answer is stored</h1>", StringComparison.Ordinal)));
        Assert.Equal(410, (await listeners.PostFormAsync(link, ("p.Answer", "no"))).Status); // it waits in the run's inbox, and counts once all the same
        Assert.Equal(run.Id, (await MessageOfAsync(run.Id)).Run);
        mayEnd.Set();
        Assert.Equal(StateType.Success, (await step).StateType);
        Assert.Equal(["Answer=yes, Urgent=False by link approval"], run.Answers);
    }

    [Theory]
    [InlineData("flows@project.iam.gserviceaccount.com", "flows@project.iam.gserviceaccount.com")]
    [InlineData(null, "1234")]
    public void The_sender_is_the_tokens_subject(string? email, string caller)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "1234" };
        if (email is not null)
            claims["email"] = email;
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor { Claims = claims });
        Assert.Equal(caller, new TokenAuthenticator(new() { Audience = "any" }, TimeProvider.System).CallerOf(name => name == "Authorization" ? $"Bearer {token}" : null));
    }

    [Fact]
    public async Task A_form_is_equivalent_to_a_JSON_object()
    {
        var run = listeners.Begin();
        Assert.Equal(200, (await listeners.PostAsync(run.ApiOf("APPROVAL"), "Answer=yes&Urgent=true&Comment=a%26b+c", "application/x-www-form-urlencoded", Known)).Status);
        run.Step();
        Assert.Equal(["Answer=yes, Comment=a&b c, Urgent=True by HTTP request"], run.Answers);
    }

    [Fact]
    public async Task Two_events_without_an_id_are_distinct()
    {
        var run = listeners.Begin();
        Assert.Equal(200, (await listeners.PostAsync(run.ApiOf(), Yes, headers: Known)).Status);
        Assert.Equal(200, (await listeners.PostAsync(run.ApiOf(), Yes, headers: Known)).Status);
        Assert.Equal(2, run.Kept);
    }

    [Fact]
    public async Task An_invalid_event_gets_a_JSON_error_and_is_not_stored()
    {
        var run = listeners.Begin();
        await AssertAsync(404, "NoRun", run.ApiOf(run: "none"), Yes);
        await AssertAsync(404, "Unknown", run.ApiOf("aproval"), Yes);
        await AssertAsync(422, "Wrong", run.ApiOf(), """{"Answer":"maybe","Grade":9,"Other":1}""", "Answer", "Grade", "Other");
        await AssertAsync(422, "Wrong", run.ApiOf(), "{}", "Answer");
        await AssertAsync(422, "Wrong", run.ApiOf(), """{"Answer":"yes","Comment":"bad"}""", "Comment");
        await AssertAsync(400, FlowErrorId.EventInvalid, run.ApiOf(), "no json");
        await AssertAsync(400, FlowErrorId.EventInvalid, run.ApiOf(), "[1]");
        await AssertAsync(400, FlowErrorId.EventInvalid, run.ApiOf(), """{"Answer":"yes","answer":"no"}""");
        await AssertAsync(400, FlowErrorId.EventInvalid, run.ApiOf(), $"{{\"Answer\":{new string('[', 70)}{new string(']', 70)}}}");
        await AssertAsync(400, FlowErrorId.EventInvalid, run.ApiOf(run: new string('x', 200)), Yes);
        await AssertAsync(413, "Full", run.ApiOf(), $$"""{"Answer":"yes","Comment":"{{new string('x', 1_100_000)}}"}""");
        await AssertAsync(413, "BodyTooLarge", run.ApiOf(), new string(' ', 2_100_000));
        var (status, text) = await listeners.PostAsync(run.ApiOf(), Yes, "text/plain", Known);
        Assert.Equal((415, "ContentType"), (status, Error(text)));
        Assert.Equal(400, (await listeners.PostAsync(run.ApiOf(), Yes, headers: [Known, ("Idempotency-Key", "%0A")])).Status);
        Assert.Equal(0, run.Kept);
        Assert.Equal(StateType.Paused, run.Step().StateType);

        run.Send(RequestKind.Stop);
        await AssertAsync(409, "Stopped", run.ApiOf(), Yes);
        var over = listeners.Begin();
        over.Send(RequestKind.Event);
        over.Step();
        await AssertAsync(409, "Over", over.ApiOf(), Yes);
        await AssertAsync(409, FlowErrorId.RunNotOnRecord, new(listeners.Begin("kept nowhere").Address, "runs/x/events/approval"), Yes);

        async Task AssertAsync(int wanted, string id, Uri address, string body, params string[] parameters)
        {
            var (given, answer) = await listeners.PostAsync(address, body, headers: Known);
            Assert.Equal((wanted, id), (given, Error(answer)));
            using var json = JsonDocument.Parse(answer);
            Assert.Equal(parameters, json.RootElement.GetProperty("error").TryGetProperty("parameters", out var faults)
                ? faults.EnumerateArray().Select(fault => fault.GetProperty("name").GetString()!).Order(StringComparer.Ordinal) : []);
        }
    }

    [Fact]
    public async Task Unauthenticated_requests_learn_nothing()
    {
        var run = listeners.Begin();
        Assert.Equal((401, string.Empty), await listeners.PostAsync(run.ApiOf(), Yes));
        Assert.Equal((401, string.Empty), await listeners.PostAsync(run.ApiOf(run: "none"), Yes, headers: ("X-PrefectPS-Secret", "knowm")));
        Assert.Equal((405, string.Empty), await listeners.GetAsync(run.ApiOf()));
        Assert.Equal((401, string.Empty), await listeners.PostAsync(listeners.Begin("hidden").ApiOf(), Yes, headers: Known)); // it answers links alone
        Assert.Equal(0, run.Kept);
    }

    [Fact]
    public async Task A_signature_covers_run_event_id_and_sender()
    {
        var run = listeners.Begin("signed");
        var other = listeners.Begin("signed");
        var time = RequestSignature.Format(DateTimeOffset.UtcNow);
        var signature = Sign($"runs/{run.Id}/events/approval\none\nalice\n{Yes}");
        Assert.Equal(401, await SendAsync(other.ApiOf(), "one", "alice", Yes));
        Assert.Equal(401, await SendAsync(run.ApiOf(), "two", "alice", Yes));
        Assert.Equal(401, await SendAsync(run.ApiOf(), "one", "bob", Yes));
        Assert.Equal(401, await SendAsync(run.ApiOf(), "one", "alice", """{"Answer":"no"}"""));
        Assert.Equal(401, await SendAsync(run.ApiOf("approva"), "one", "alice", Yes));
        signature = Sign(Yes); // that of a document
        Assert.Equal(401, await SendAsync(run.ApiOf(), "one", "alice", Yes));
        signature = Sign($"runs/{run.Id}/events/approval\none\nalice\n{Yes}");
        Assert.Equal(200, await SendAsync(run.ApiOf(), "one", "alice", Yes));
        Assert.Equal(200, await SendAsync(run.ApiOf(), "one", "alice", Yes)); // sent again it counts once
        Assert.Equal((1, 0), (run.Kept, other.Kept));
        Assert.Contains("Event 'approval' sent by alice", run.History);

        string Sign(string content) => new RequestSignature("shared").Of(time, Encoding.UTF8.GetBytes(content));

        async Task<int> SendAsync(Uri address, string id, string by, string body) => (await listeners.PostAsync(
            address, body, headers: [(MessageHeaders.Timestamp, time), (MessageHeaders.Signature, signature), ("Idempotency-Key", id), ("X-PrefectPS-Requested-By", by)])).Status;
    }

    [Fact]
    public async Task A_step_elsewhere_applies_the_event_and_the_response_says_so()
    {
        using var isAsked = new ManualResetEventSlim();
        var run = listeners.Make(() =>
        {
            isAsked.Set();
            Thread.Sleep(TimeSpan.FromSeconds(2)); // the step holds its lease
            return null;
        });
        var step = Task.Run(() => run.Step(), Stop);
        isAsked.Wait(Stop);
        var answer = await listeners.PostAsync(run.ApiOf(), Yes, headers: [Known, ("Idempotency-Key", "late")]);
        Assert.Equal((200, "Applied"), (answer.Status, Result(answer.Text)));
        Assert.Equal(StateType.Success, (await step).StateType);
        Assert.Equal(["Answer=yes by HTTP request"], run.Answers);
    }

    [Fact]
    public async Task Events_are_received_while_the_listener_runs_a_step()
    {
        var busy = listeners.Begin();
        var run = listeners.Begin();
        await File.WriteAllTextAsync(Path.Combine(listeners.Folder, "slow"), string.Empty, Stop);
        try
        {
            Assert.Equal(200, (await listeners.PostAsync(busy.ApiOf(), Yes, headers: Known)).Status);
            var body = Encoding.UTF8.GetBytes($$"""{"version": 1, "flow": {"name": "release"}, "run": {"id": "{{busy.Id}}", "step": 1}, "tasks": []}""");
            var step = listeners.PostAsync(busy.Address, Encoding.UTF8.GetString(body), headers: Known);
            while (busy.Read().Tasks[1].StateType != StateType.Success && !step.IsCompleted)
                await Task.Delay(50, Stop);
            Assert.False(step.IsCompleted);

            Assert.Equal(422, (await listeners.PostAsync(run.ApiOf(), """{"Answer":"maybe"}""", headers: Known)).Status);
            var link = run.Link();
            Assert.Equal(200, (await listeners.GetAsync(link)).Status);
            Assert.Equal(200, (await listeners.PostFormAsync(link, ("p.Answer", "yes"))).Status);
            Assert.False(step.IsCompleted);
            Assert.Equal(1, run.Kept);
            Assert.Equal((run.Id, 1), await MessageOfAsync(run.Id));
            Assert.Equal(204, (await step).Status);
        }
        finally
        {
            File.Delete(Path.Combine(listeners.Folder, "slow"));
        }
    }

    private async Task<(string? Run, int? Step)> MessageOfAsync(string run)
    {
        var channel = new FolderChannel(listeners.Channel, TimeProvider.System);
        while (await channel.ReceiveAsync(TimeSpan.FromMinutes(1), TimeSpan.Zero, Stop) is { } message)
        {
            if (message.Message.RunId != run)
                continue;
            await message.CompleteAsync(Stop);
            return (message.Message.RunId, message.Message.Step);
        }

        return (null, null);
    }

    private static string? Result(string text) => JsonDocument.Parse(text).RootElement.GetProperty("result").GetString();

    private static string? Error(string text) => JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("id").GetString();
}
