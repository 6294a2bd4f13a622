using System.Net;
using System.Text.Json;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Examples;

/// <summary>Runs the scripts of docs/examples/approval as they are deployed: what is outside them is a webhook here, and Graph's cmdlet.</summary>
[Trait("Load", "heavy")]
public sealed class ApprovalTests : IAsyncLifetime
{
    private const string Waits = "Scheduled";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly (string, string)[] _environment = [("FLOW_LINK_KEY", "the key of these tests, which is long")];
    private Uri _address = null!;
    private HostProcess _listener = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _address = new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/");
        _listener = HostProcess.Start([ScriptOf("listener"), "-Store", _folder["store"], "-Address", _address.AbsoluteUri], _environment);
        while (true)
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri(_address, "healthz"), Stop);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, Stop);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_Teams_card_has_the_link_that_resumes_the_run()
    {
        var address = $"http://127.0.0.1:{FreePorts.Find(1)[0]}/";
        using var webhook = new HttpListener { Prefixes = { address } };
        webhook.Start();
        var asked = webhook.GetContextAsync();
        string[] arguments = [ScriptOf("teams"), "-Store", _folder["store"], "-BaseUri", _address.AbsoluteUri, "-Webhook", address];
        var step = HostProcess.RunAsync(arguments, environment: _environment);
        if (await Task.WhenAny(asked, step) == step)
            Assert.Fail($"{await step}");
        var request = await asked;
        using var json = await JsonDocument.ParseAsync(request.Request.InputStream, cancellationToken: Stop);
        request.Response.StatusCode = (int)HttpStatusCode.Accepted;
        request.Response.Close();
        AssertStep(await step, Waits);

        var card = json.RootElement.GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", card.GetProperty("contentType").GetString());
        Assert.Equal("Is version 1.2 to be released?", card.GetProperty("content").GetProperty("body")[0].GetProperty("text").GetString());
        var action = card.GetProperty("content").GetProperty("actions")[0];
        Assert.Equal("Action.OpenUrl", action.GetProperty("type").GetString());
        AssertStep(await HostProcess.RunAsync(arguments, environment: _environment), Waits); // nothing is asked twice

        await AnswerAsync(action.GetProperty("url").GetString()!, "yes");
        AssertStep(await HostProcess.RunAsync(arguments, environment: _environment), "Success");
    }

    [Fact]
    public async Task A_mail_has_the_link_and_the_error_names_who_declined()
    {
        var mails = _folder["mails"];
        Directory.CreateDirectory(_folder["modules/Microsoft.Graph.Users.Actions"]);
        _folder.Write(
            "modules/Microsoft.Graph.Users.Actions/Microsoft.Graph.Users.Actions.psm1",
            $"function Send-MgUserMail($UserId, $BodyParameter) {{ Add-Content '{mails}' (ConvertTo-Json $BodyParameter -Depth 9 -Compress) }}");
        (string, string)[] environment = [.. _environment, ("PSModulePath", _folder["modules"])];
        string[] arguments = [ScriptOf("mail"), "-Store", _folder["store"], "-BaseUri", _address.AbsoluteUri];
        AssertStep(await HostProcess.RunAsync(arguments, environment: environment), Waits);

        using var json = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(mails, Stop)));
        var message = json.RootElement.GetProperty("Message");
        Assert.Equal("alice@contoso.com", message.GetProperty("ToRecipients")[0].GetProperty("EmailAddress").GetProperty("Address").GetString());
        var content = message.GetProperty("Body").GetProperty("Content").GetString()!;
        var link = WebUtility.HtmlDecode(content[(content.IndexOf("href=\"", StringComparison.Ordinal) + 6)..content.LastIndexOf('"')]);
        await AnswerAsync(link, "no");

        var result = await HostProcess.RunAsync(arguments, environment: environment);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Ada (unverified, link approval) said no: as tested", string.Join(' ', result.Error.Split([' ', '\n', '|'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task AnswerAsync(string link, string answer)
    {
        Assert.Contains("value=\"yes\"", await _client.GetStringAsync(link, Stop), StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([new("p.Answer", answer), new("p.Comment", "as tested"), new("sender", "Ada"), new("send", "1")]);
        using var sent = await _client.PostAsync(new Uri(link), form, Stop);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private static void AssertStep(HostResult result, string state)
    {
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Contains($": {state}. ", Assert.Single(result.Lines), StringComparison.Ordinal);
    }

    private static string ScriptOf(string name) => Repository.PathOf($"docs/examples/approval/{name}.ps1");
}
