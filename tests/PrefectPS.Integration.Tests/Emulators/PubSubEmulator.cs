using System.Net;
using System.Net.Http.Json;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Google's Pub/Sub emulator, a component of the Google Cloud CLI that runs in Java.</summary>
internal sealed class PubSubEmulator : IAsyncDisposable
{
    /// <summary>The project that all of it is in.</summary>
    public const string Project = "test-project";

    private const string JarFolder = "platform/pubsub-emulator/lib";

    private readonly HttpClient _client = new();
    private GuardedServer? _server;

    private PubSubEmulator(string host) => Host = host;

    /// <summary>Address and port, as <c>PUBSUB_EMULATOR_HOST</c> has them.</summary>
    public string Host { get; }

    /// <summary>Where it is.</summary>
    public Uri Endpoint => new($"http://{Host}/");

    public static async Task<PubSubEmulator> StartAsync()
    {
        var java = GuardedServer.Find("java", "Java, which the Pub/Sub emulator needs");
        var cli = GuardedServer.Find("gcloud", "the Google Cloud CLI with its component pubsub-emulator");
        var root = Path.GetFullPath(Path.Combine(File.ResolveLinkTarget(cli, returnFinalTarget: true)?.FullName ?? cli, "..", ".."));
        var folder = Path.Combine(root, JarFolder);
        var jar = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jar").FirstOrDefault() : null;
        if (jar is null)
            throw new EmulatorMissingException($"The Google Cloud CLI in '{root}' does not have its component pubsub-emulator.");

        var emulator = new PubSubEmulator($"127.0.0.1:{FreePorts.Find(1)[0]}");
        emulator._server = await GuardedServer.StartAsync(
            [java, "-Xmx512m", "-jar", jar, "--host=127.0.0.1", $"--port={emulator.Endpoint.Port}"], emulator.AnswersAsync);
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
        if (_server is { } server)
            await server.DisposeAsync();
    }

    // The port is open before requests are answered.
    private async Task<bool> AnswersAsync()
    {
        using var answer = await _client.GetAsync(new Uri(Endpoint, $"v1/projects/{Project}/topics"));
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
