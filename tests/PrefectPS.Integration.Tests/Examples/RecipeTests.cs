using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using PrefectPS.Channels;
using PrefectPS.Google.Channels;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Examples;

/// <summary>Runs the scripts of the recipes, one task a step, as the platform would: against the emulators.</summary>
[Trait("Load", "heavy")]
public sealed class RecipeTests(EmulatorFixture emulators) : IDisposable
{
    private static readonly string[] ThreeSteps = ["step 1: Pending", "step 2: Pending", "step 3: Success"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_scheduled_job_goes_on_where_it_was()
    {
        var flows = Directory.CreateDirectory(_folder["flows"]).FullName;
        var flow = await File.ReadAllTextAsync(Recipe("scheduled/flows/nightly.ps1"), Stop);
        await File.WriteAllTextAsync(Path.Combine(flows, "nightly.ps1"), flow.Replace("0 3 * * 1-5", "* * * * * *", StringComparison.Ordinal), Stop); // it need not be three o'clock
        var said = new List<string>();
        for (var call = 0; call < 4; call++)
            said.AddRange(await RunAsync([Recipe("scheduled/job.ps1"), "-Store", _folder["store"], "-FlowPath", flows, "-MaxTasks", "1"], []));
        Assert.Equal(["step 0: Scheduled", .. ThreeSteps], said.Select(StepOf));
        Assert.Single(said.Skip(1).Select(line => line.Split(", step")[0]).Distinct());
    }

    [Fact]
    public async Task A_workflow_learns_whether_to_continue()
    {
        var output = _folder["output"];
        var said = new List<string>();
        for (var job = 0; job < 3; job++)
            said.AddRange(await RunAsync([Recipe("github-actions/job.ps1"), "-Store", _folder["store"], "-RunId", "4711", "-MaxTasks", "1"], [("GITHUB_OUTPUT", output)]));
        Assert.Equal(ThreeSteps, said.Select(StepOf));
        Assert.Equal(["pending=true", "pending=true", "pending=false"], await File.ReadAllLinesAsync(output, Stop));
    }

    [Fact]
    public async Task A_function_takes_a_step_for_each_message_and_none_for_a_late_one()
    {
        var azurite = await emulators.AzuriteAsync();
        var queue = new QueueClient(azurite.ConnectionString, $"q{Guid.NewGuid():n}", new() { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateAsync(cancellationToken: Stop);
        (string, string)[] settings =
        [
            ("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString), ("FLOW_STORE", await azurite.CreateContainerAsync()),
            ("FLOW_CHANNEL", $"azqueue://{Azurite.Account}/{queue.Name}"), ("FLOW_MAX_TASKS", "1"),
        ];
        await queue.SendMessageAsync(" ", Stop);
        var said = new List<string>();
        var items = new List<string>();
        while ((await queue.ReceiveMessageAsync(cancellationToken: Stop)).Value is { } message)
        {
            said.AddRange(await CallAsync(message.Body.ToString()));
            items.Add(message.Body.ToString());
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Stop);
        }

        Assert.Equal(ThreeSteps, said.Select(StepOf));
        Assert.Equal(["The message is late: the run is further on."], await CallAsync(items[1]));

        Task<string[]> CallAsync(string item) => CallWithInputAsync(
            Recipe("azure-functions/RunStep/run.ps1"), "-QueueItem ([Console]::In.ReadToEnd()) -TriggerMetadata @{ DequeueCount = 1 }", item, settings);
    }

    [Fact]
    public async Task A_runbook_starts_itself_again_by_its_webhook()
    {
        var address = $"http://127.0.0.1:{FreePorts.Find(1)[0]}/";
        using var webhook = new HttpListener { Prefixes = { address } };
        webhook.Start();
        var said = new List<string>();
        string[] output;
        string? body = null;
        do
        {
            var asked = webhook.GetContextAsync();
            var job = body is null ? StartRunbookAsync(string.Empty, string.Empty)
                : said.Count % 2 == 0 ? StartRunbookAsync("-WebhookData ([pscustomobject] @{ RequestBody = [Console]::In.ReadToEnd() })", body)
                : StartRunbookAsync("-WebhookData ([Console]::In.ReadToEnd())", JsonSerializer.Serialize(new { WebhookName = "next", RequestBody = body }));
            body = null;
            if (await Task.WhenAny(asked, job) == asked)
            {
                var request = await asked;
                using var reader = new StreamReader(request.Request.InputStream);
                body = await reader.ReadToEndAsync(Stop);
                request.Response.StatusCode = (int)HttpStatusCode.Accepted;
                request.Response.Close();
            }

            output = await job;
            said.AddRange(output.Where(line => line.StartsWith("run ", StringComparison.Ordinal)));
        }
        while (body is not null && said.Count < 10);

        Assert.Equal(ThreeSteps, said.Select(StepOf));
        Assert.Contains(output, line => line.Contains("report: Running", StringComparison.Ordinal));
        Assert.Equal("report Success", string.Join(' ', output[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)));

        Task<string[]> StartRunbookAsync(string arguments, string input) => CallWithInputAsync(Recipe("azure-automation/runbook.ps1"), arguments, input,
            [("FLOW_STORE", $"'{_folder["store"]}'"), ("FLOW_WEBHOOK", $"\"{address}\""), ("FLOW_MAX_TASKS", "1")]);
    }

    // What a platform would not have: the exit code and the error are what makes its job red.
    [Theory]
    [InlineData("scheduled/job.ps1", "-Store STORE", "failed to write")]
    [InlineData("github-actions/job.ps1", "-Store STORE -RunId 1", "failed to write")]
    [InlineData("github-actions/job.ps1", "-Store s3://bucket -RunId 1", "no provider for 's3'")]
    [InlineData("azure-automation/runbook.ps1", "", "The variable FLOW_STORE is missing")]
    [InlineData("azure-automation/runbook.ps1", "-WebhookData '{WebhookName:w}'", "no JSON", "STORE", "http://127.0.0.1:1/")]
    [InlineData("azure-automation/runbook.ps1", "-WebhookData '{}'", "without a state document", "STORE", "http://127.0.0.1:1/")]
    [InlineData("azure-automation/runbook.ps1", "-WebhookData @{ RequestBody = '{}' }", "no 'tasks'", "STORE", "http://127.0.0.1:1/")]
    [InlineData("azure-automation/runbook.ps1", "", "failed to write", "STORE", "http://127.0.0.1:1/")]
    [InlineData("azure-functions/RunStep/run.ps1", "-QueueItem ' '", "The setting FLOW_STORE is missing")]
    [InlineData("cloud-run/service.ps1", "", "The setting FLOW_STORE is missing")]
    [InlineData("approval/listener.ps1", "", "The setting FLOW_LINK_KEY is missing")]
    public async Task Unusable_input_ends_the_script_with_an_error(string script, string arguments, string error, string? store = null, string? webhook = null)
    {
        var unusable = _folder.Write("a file", "no folder");
        (string, string)[] environment = store is null ? [] : [("FLOW_STORE", unusable), ("FLOW_WEBHOOK", webhook!)];
        var result = await HostProcess.RunCommandAsync($"& '{Recipe(script)}' {arguments.Replace("STORE", $"'{unusable}'", StringComparison.Ordinal)}", string.Empty, environment);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(error, string.Join(' ', result.Error.Split([' ', '\n', '|'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_on_its_schedule_goes_on_with_a_run_that_is_due_and_begins_none()
    {
        var output = _folder["output"];
        string[] arguments = [Recipe("github-actions/job.ps1"), "-Store", _folder["store"], "-IdleFor", "00:00:00"];
        Assert.Equal(["No run is due."], await RunAsync(arguments, [("GITHUB_OUTPUT", output)]));
        await RunAsync([.. arguments, "-RunId", "4711", "-MaxTasks", "1"], []);
        Assert.Equal("step 2: Success", StepOf(Assert.Single(await RunAsync(arguments, [("GITHUB_OUTPUT", output)]))));
        Assert.Equal(["run=4711", "pending=false"], await File.ReadAllLinesAsync(output, Stop));
        Assert.Equal(["No run is due."], await RunAsync(arguments, []));
    }

    [Fact]
    public async Task A_webhook_that_is_called_without_a_body_begins_no_run()
    {
        var result = await HostProcess.RunCommandAsync(
            $"& '{Recipe("azure-automation/runbook.ps1")}' -WebhookData @{{ RequestBody = '' }}", string.Empty,
            [("FLOW_STORE", _folder["store"]), ("FLOW_WEBHOOK", "http://127.0.0.1:1/")]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("without a state document", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder["store"], "runs")));
    }

    [Fact]
    public async Task A_service_takes_a_step_for_each_message_that_PubSub_pushes()
    {
        var emulator = await emulators.PubSubAsync();
        var address = $"http://127.0.0.1:{FreePorts.Find(1)[0]}/";
        var topic = $"t{Guid.NewGuid():n}";
        await emulator.PutAsync($"topics/{topic}", new { });
        await emulator.PutAsync($"subscriptions/{topic}",
            new { topic = $"projects/{PubSubEmulator.Project}/topics/{topic}", ackDeadlineSeconds = 60, pushConfig = new { pushEndpoint = address } });
        var channel = $"pubsub://{PubSubEmulator.Project}/{topic}";
        await using var service = HostProcess.Start(
            [Recipe("cloud-run/service.ps1")],
            [("PUBSUB_EMULATOR_HOST", emulator.Host), ("FLOW_STORE", _folder["store"]), ("FLOW_CHANNEL", channel), ("FLOW_ADDRESS", address), ("FLOW_MAX_TASKS", "1")]);
        await PubSubChannel.Open(new() { Address = channel, Endpoint = emulator.Endpoint }).SendAsync(new ChannelMessage(Encoding.UTF8.GetBytes(" ")), Stop);
        foreach (var step in ThreeSteps)
            Assert.Equal(step, StepOf((await service.ReadLineAsync())!));
        service.Signal("TERM");
        Assert.Equal(0, (await service.WaitAsync()).ExitCode);
    }

    // Of "run 20261129T..., step 1: Pending. 2 of 3 tasks still to run."
    private static string StepOf(string line)
    {
        var start = line.IndexOf(", ", StringComparison.Ordinal) + 2;
        return line[start..line.IndexOf(". ", start, StringComparison.Ordinal)];
    }

    private static string Recipe(string file) => Repository.PathOf($"docs/examples/{file}");

    private static async Task<string[]> RunAsync(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var result = await HostProcess.RunAsync(arguments, environment: environment);
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        return result.Lines;
    }

    private static async Task<string[]> CallWithInputAsync(string script, string arguments, string input, IEnumerable<(string Name, string Value)> environment)
    {
        var result = await HostProcess.RunCommandAsync($"& '{script}' {arguments}", input, environment);
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        return result.Lines;
    }
}
