using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Google's Pub/Sub emulator, a component of the Google Cloud CLI that runs in Java.</summary>
internal sealed class PubSubEmulator : IAsyncDisposable
{
    /// <summary>The project that all of it is in.</summary>
    public const string Project = "test-project";

    private const string JarFolder = "platform/pubsub-emulator/lib";

    // Ends the emulator when this process is gone, however it ended: its end of the pipe is closed then.
    private const string Guard = "\"$@\" </dev/null >/dev/null 2>&1 & emulator=$!; cat >/dev/null; kill $emulator";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _client = new();

    private PubSubEmulator(Process process, string host)
    {
        _process = process;
        Host = host;
    }

    /// <summary>Address and port, as <c>PUBSUB_EMULATOR_HOST</c> has them.</summary>
    public string Host { get; }

    /// <summary>Where it is.</summary>
    public Uri Endpoint => new($"http://{Host}/");

    public static async Task<PubSubEmulator> StartAsync()
    {
        if (OperatingSystem.IsWindows())
            throw new EmulatorMissingException("The Pub/Sub emulator is only started on Linux and macOS.");
        var java = Find("java") ?? throw new EmulatorMissingException("There is no 'java', which the Pub/Sub emulator needs.");
        var cli = Find("gcloud") ?? throw new EmulatorMissingException("There is no 'gcloud': install the Google Cloud CLI with its component pubsub-emulator.");
        var root = Path.GetFullPath(Path.Combine(File.ResolveLinkTarget(cli, returnFinalTarget: true)?.FullName ?? cli, "..", ".."));
        var folder = Path.Combine(root, JarFolder);
        var jar = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jar").FirstOrDefault() : null;
        if (jar is null)
            throw new EmulatorMissingException($"The Google Cloud CLI in '{root}' does not have its component pubsub-emulator.");

        var host = $"127.0.0.1:{FreePorts.Find(1)[0]}";
        var start = new ProcessStartInfo("sh", ["-c", Guard, "sh", java, "-Xmx512m", "-jar", jar, "--host=127.0.0.1", $"--port={host.Split(':')[1]}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        var emulator = new PubSubEmulator(Process.Start(start)!, host);
        await emulator.WaitAsync();
        return emulator;
    }

    /// <summary>A new topic that no other test uses, with a subscription that counts deliveries.</summary>
    /// <returns>Its address as a channel.</returns>
    public async Task<string> CreateTopicAsync()
    {
        var name = $"t{Guid.NewGuid():n}";
        await PutAsync($"topics/{name}", new { });
        await PutAsync($"topics/{name}-limit", new { });
        await PutAsync($"subscriptions/{name}", new
        {
            topic = $"projects/{Project}/topics/{name}",
            ackDeadlineSeconds = 60,
            deadLetterPolicy = new { deadLetterTopic = $"projects/{Project}/topics/{name}-limit", maxDeliveryAttempts = 100 },
        });
        return $"pubsub://{Project}/{name}";
    }

    /// <summary>Creates or replaces a resource of the project.</summary>
    public async Task PutAsync(string resource, object definition)
    {
        using var answer = await _client.PutAsJsonAsync(new Uri(Endpoint, $"v1/projects/{Project}/{resource}"), definition);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // The port is open before requests are answered.
    private async Task WaitAsync()
    {
        for (var start = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri(Endpoint, $"v1/projects/{Project}/topics"));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited && start.Elapsed < Patience)
            {
            }
        }
    }
}
