using System.Net.Http.Headers;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Http.Events;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>One process with several listeners, each of a flow of its own, and the folder in which their runs are on record.</summary>
public sealed class ListenerFixture : IAsyncLifetime
{
    /// <summary>What names and texts may try that come from elsewhere.</summary>
    internal const string Evil = "<img src=x onerror=alert(1)>\"'</script>";

    private const string Script = """
        param($Folder, $Ports)
        $all = @(
            @{ Name = 'release'; Event = 'approval'; Options = @{ Secret = 'known'; Channel = "$Folder/next" } }
            @{ Name = 'hidden'; Event = 'approval'; Task = @{ Sensitive = $true }; Options = @{ } }
            @{ Name = '<img src=x onerror=alert(1)>"''</script>'; Event = 'go-{task_name}-{flow_run_id}'; Options = @{ } }
            @{ Name = 'signed'; Event = 'approval'; Path = 'teams/a b/'; Options = @{ SigningKey = 'shared'; Channel = "$Folder/signed" } }
            @{ Name = 'kept nowhere'; Event = 'approval'; Options = @{ Secret = 'known'; Channel = "$Folder/nowhere" } }
        )
        $i = 0
        foreach ($each in $all) { $each.Prefix = "http://127.0.0.1:$(($Ports -split ',')[$i++])/$($each.Path)" }
        $all | ForEach-Object -ThrottleLimit 9 -Parallel {
            $each = $_
            $key = [byte[]] (1..32)
            $store = if ($each.Name -eq 'kept nowhere') { @{ } } else { @{ Store = "$using:Folder/store" } }
            $task = if ($each.Task) { $each.Task } else { @{ } }
            $flow = New-Flow $each.Name @store {
                task build { '1.2' }
                task approve {
                    param(
                        [Parameter(Mandatory, HelpMessage = 'Is it to go live?')] [ValidateSet('yes', 'no')] $Answer,
                        [ValidateRange(1, 5)] [int] $Grade = 3, [switch] $Urgent, [ValidatePattern('^(?!bad$)')] [string] $Comment, [securestring] $Pin)
                    "$Answer"
                } -After build -WaitForEvent $each.Event @task
                task deploy { if (Test-Path "$env:FLOW_FOLDER/slow") { Start-Sleep 5 } } -After approve
            }
            $options = $each.Options
            Start-FlowListener $flow $each.Prefix @options -LinkSigningKey $key -MaxBodyBytes 2000000 -ClockSkew 300 -Verbose 4>&1 |
                ForEach-Object { [Console]::WriteLine("$($each.Name): $_") }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private HostProcess? _process;
    private Uri[] _addresses = [];

    internal static SigningKeys Keys { get; } = new([.. Enumerable.Range(1, 32).Select(each => (byte)each)]);

    internal string Folder => _folder.Path;

    internal string Channel => _folder["next"];

    public async ValueTask InitializeAsync()
    {
        var ports = FreePorts.Find(5);
        _addresses = [.. ports.Select((port, index) => new Uri($"http://127.0.0.1:{port}/{(index == 3 ? "teams/a b/" : string.Empty)}"))];
        _process = HostProcess.Start([_folder.Write("listeners.ps1", Script), "-Folder", _folder.Path, "-Ports", string.Join(',', ports)], [("FLOW_FOLDER", _folder.Path)]);
        foreach (var address in _addresses)
        {
            while (true)
            {
                try
                {
                    using var answer = await _client.GetAsync(new Uri(address, "/healthz"), TestContext.Current.CancellationToken);
                    break;
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(100, TestContext.Current.CancellationToken);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A run of a flow that a listener serves, which waits for its answer.</summary>
    internal WaitingRun Begin(string flow = "release", string? run = null)
    {
        var begun = Make(() => "1.2", flow, run);
        begun.Step();
        return begun;
    }

    /// <summary>A run that nothing of has run yet.</summary>
    /// <param name="build">What its first task does; where it fails it is tried again in an hour.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="run">The run's id; null for a new one.</param>
    internal WaitingRun Make(Func<object?> build, string flow = "release", string? run = null)
    {
        var index = flow switch { "release" => 0, "hidden" => 1, Evil => 2, "signed" => 3, _ => 4 };
        return new(this, _addresses[index], flow, run ?? $"run-{Guid.NewGuid():n}", awaited: flow == Evil ? "go-{task_name}-{flow_run_id}" : "approval", build);
    }

    internal Task<(int Status, string Text)> GetAsync(Uri address) => SendAsync(new(HttpMethod.Get, address));

    /// <summary>Sends the form of a link.</summary>
    internal Task<(int Status, string Text)> PostFormAsync(Uri address, params (string Name, string Value)[] fields) => SendAsync(new(HttpMethod.Post, address)
    {
        Content = new FormUrlEncodedContent(fields.Select(each => KeyValuePair.Create(each.Name, each.Value)).Append(new("send", "1"))),
    });

    /// <summary>Posts a body as a program does.</summary>
    internal Task<(int Status, string Text)> PostAsync(Uri address, string body, string? type = "application/json", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Headers.ExpectContinue = body.Length > 100_000; // who is refused need not send it
        if (type is not null)
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    internal async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
