using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>A process with Start-FlowListener, on a free port.</summary>
internal sealed class ListenerProcess : IAsyncDisposable
{
    private const string Script = """
        param($Prefix, $Folder, [Parameter(ValueFromRemainingArguments)] $Rest)
        $flow = New-Flow listened -Store "$Folder/store" {
            task a { [IO.File]::AppendAllText("$Folder/ran", "a"); if ([IO.File]::Exists("$Folder/slow")) { Start-Sleep 2 } }
            task b { [IO.File]::AppendAllText("$Folder/ran", "b") } -After a
        }
        $options = @{ Channel = "$Folder/next"; MaxTasks = 1; MaxBodyBytes = 100000; ReadTime = 1 }
        foreach ($pair in $Rest) { $name, $value = $pair -split '=', 2; $options[$name] = if ($value) { $value } else { $true } }
        Start-FlowListener $flow $Prefix @options | ForEach-Object { "step $($_.Step): $($_.State)" }
        'ended'
        """;

    private readonly TemporaryFolder _folder;

    private ListenerProcess(TemporaryFolder folder, HostProcess process, Uri address) => (_folder, Process, Address) = (folder, process, address);

    public HostProcess Process { get; }

    public Uri Address { get; }

    public HttpClient Client { get; } = new();

    public string Folder => _folder.Path;

    public string Ran => File.Exists(_folder["ran"]) ? File.ReadAllText(_folder["ran"]) : string.Empty;

    public string[] Sent => Directory.Exists(_folder["next"]) ? Directory.GetFiles(_folder["next"], "*.message") : [];

    /// <summary>Starts one, and waits until it is alive.</summary>
    public static async Task<ListenerProcess> StartAsync(params string[] options)
    {
        var folder = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{FreePorts.Find(1)[0]}/");
        var process = HostProcess.Start([folder.Write("listener.ps1", Script), "-Prefix", address.AbsoluteUri, "-Folder", folder.Path, .. options]);
        var listener = new ListenerProcess(folder, process, address);
        while (true)
        {
            try
            {
                using var answer = await listener.Client.GetAsync(new Uri(address, "healthz"), TestContext.Current.CancellationToken);
                return listener;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Posts a body with headers.</summary>
    /// <returns>The number of the answer, which has no text.</returns>
    public async Task<int> PostAsync(byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        _folder.Dispose();
    }
}
