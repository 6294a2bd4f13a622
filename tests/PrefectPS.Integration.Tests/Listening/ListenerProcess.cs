using System.Globalization;
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

    /// <summary>Starts one, as another program would: this is its command line.</summary>
    public delegate HostProcess Starter(string[] arguments);

    public HostProcess Process { get; }

    public Uri Address { get; }

    public HttpClient Client { get; } = new();

    public string Folder => _folder.Path;

    public string Ran => File.Exists(_folder["ran"]) ? File.ReadAllText(_folder["ran"]) : string.Empty;

    public string[] Sent => Directory.Exists(_folder["next"]) ? Directory.GetFiles(_folder["next"], "*.message") : [];

    /// <summary>Starts one, and waits until it is alive.</summary>
    public static Task<ListenerProcess> StartAsync(params string[] options) =>
        StartAsync("http://127.0.0.1:{0}/", arguments => HostProcess.Start(arguments), options);

    /// <summary>Starts one at an address with another host or path, and waits until it is alive.</summary>
    /// <param name="prefix">The address, with {0} for the port.</param>
    /// <param name="start">Starts the process.</param>
    /// <param name="options">Parameters of Start-FlowListener: name=value, or name.</param>
    public static async Task<ListenerProcess> StartAsync(string prefix, Starter start, params string[] options)
    {
        var folder = new TemporaryFolder();
        var port = FreePorts.Find(1)[0];
        var process = start([folder.Write("listener.ps1", Script), "-Prefix", string.Format(CultureInfo.InvariantCulture, prefix, port), "-Folder", folder.Path, .. options]);
        var listener = new ListenerProcess(folder, process, new($"http://127.0.0.1:{port}/"));
        while (true)
        {
            try
            {
                using var answer = await listener.Client.GetAsync(new Uri(listener.Address, "healthz"), TestContext.Current.CancellationToken);
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
    public Task<int> PostAsync(byte[] body, params (string Name, string Value)[] headers) => PostAsync(Address, body, headers);

    /// <summary>Posts a body with headers to an address.</summary>
    /// <returns>The number of the answer, which has no text.</returns>
    public async Task<int> PostAsync(Uri address, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
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
