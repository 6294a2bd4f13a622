using System.Diagnostics;
using System.Security.Cryptography;
using Azure.Storage.Queues;
using PrefectPS.Azure.Channels;
using PrefectPS.Channels;
using PrefectPS.Google.Channels;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Channels;

/// <summary>
/// Four processes compete for the messages of one run with many tasks. They are killed at random; each message is duplicated, delayed and reordered.
/// The run ends, and no body runs a second time unless its process was killed while it ran.
/// </summary>
[Trait("Load", "heavy")]
public sealed class CompetingConsumersTests(EmulatorFixture emulators) : IDisposable
{
    private const int Consumers = 4;
    private const int Copies = 2;

    private static readonly int Tasks = Series.Cases(sample: 80, whole: 200);
    private static readonly int MinDeliveries = Tasks * 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BetweenDisturbances = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Over_an_Azure_Storage_queue()
    {
        var azurite = await emulators.AzuriteAsync();
        var queue = $"q{Guid.NewGuid():n}";
        await new QueueClient(azurite.ConnectionString, queue).CreateAsync(cancellationToken: Stop);
        var address = $"azqueue://{Azurite.Account}/{queue}";
        await ProveAsync(
            address, QueueChannel.Open(new() { Address = address, ConnectionString = azurite.ConnectionString }), ("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString));
    }

    [Fact]
    public async Task Over_Google_PubSub()
    {
        var emulator = await emulators.PubSubAsync();
        var address = await emulator.CreateTopicAsync();
        await ProveAsync(address, PubSubChannel.Open(new() { Address = address, Endpoint = emulator.Endpoint }), ("PUBSUB_EMULATOR_HOST", emulator.Host));
    }

    private async Task ProveAsync(string address, IFlowChannel channel, (string Name, string Value) variable)
    {
        var script = Repository.PathOf("tests/PrefectPS.Integration.Tests/Channels/consumer.ps1");
        string[] arguments = [script, "-Channel", address, "-Store", _folder["store"], "-Folder", _folder.Path, "-Tasks", $"{Tasks}"];
        var start = await HostProcess.RunAsync(arguments, environment: [variable, ("PROOF_START", "1")]);
        Assert.Equal((0, string.Empty), (start.ExitCode, start.Error));

        using var noise = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var disturbing = DisturbAsync(channel, noise.Token);
        var killed = await ConsumeAsync(arguments, variable);
        await noise.CancelAsync();
        var disturbed = await disturbing;

        Assert.Equal("Success", await File.ReadAllTextAsync(_folder["over"], Stop));
        var lines = ReadLog();
        AssertEachBodyRanOnce(lines, killed);
        var deliveries = disturbed + lines.Count(line => line.Words[0] == "delivery");
        TestContext.Current.TestOutputHelper?.WriteLine($"{deliveries} deliveries, {killed.Count} processes killed, {lines.Count(line => line.Words[0] == "error")} steps refused");
        Assert.True(deliveries >= MinDeliveries, $"There were only {deliveries} deliveries.");
        Assert.NotEmpty(killed);
    }

    // A body may run again if the process that ran it was killed, and it was the last thing that this process did.
    private static void AssertEachBodyRanOnce(IReadOnlyList<(int Process, string[] Words)> lines, HashSet<int> killed)
    {
        var starts = lines.Where(line => line.Words[0] == "start").ToArray();
        var ends = lines.Where(line => line.Words[0] == "end").Select(line => line.Words[1]).ToHashSet();
        Assert.Equal(Tasks, ends.Count);
        var lastOf = starts.GroupBy(line => line.Process).ToDictionary(group => group.Key, group => group.Last().Words[1]);
        foreach (var runs in starts.GroupBy(line => line.Words[1]))
        {
            var excused = runs.Count(run => killed.Contains(run.Process) && lastOf[run.Process] == runs.Key);
            Assert.True(runs.Count() <= Math.Max(1, excused + 1)
                && runs.Count() - excused <= 1, $"{runs.Key} ran in {string.Join(", ", runs.Select(run => run.Process))}; {excused} of these were killed then");
        }
    }

    // Starts consumers and kills them at random until the run has ended and enough late messages have followed.
    private async Task<HashSet<int>> ConsumeAsync(string[] arguments, (string Name, string Value) variable)
    {
        var killed = new HashSet<int>();
        var consumers = Enumerable.Range(0, Consumers).Select(_ => Start(arguments, variable)).ToList();
        try
        {
            for (var (start, sinceKill) = (Stopwatch.StartNew(), Stopwatch.StartNew()); !File.Exists(_folder["over"])
                || CountDeliveries() < MinDeliveries; await Task.Delay(250, Stop))
            {
                Assert.True(start.Elapsed < Patience, "The run does not end.");
                Assert.DoesNotContain(consumers, consumer => consumer.HasExited);
                if (sinceKill.Elapsed < BetweenKills)
                    continue;
                sinceKill.Restart();
                var victim = RandomNumberGenerator.GetInt32(Consumers);
                killed.Add(consumers[victim].Id);
                consumers[victim].Kill();
                consumers[victim].Dispose();
                consumers[victim] = Start(arguments, variable);
            }

            return killed;
        }
        finally
        {
            foreach (var consumer in consumers)
            {
                consumer.Kill();
                await consumer.WaitForExitAsync(CancellationToken.None);
                consumer.Dispose();
            }
        }
    }

    // The consumers' own.
    private int CountDeliveries() => ReadLog().Count(line => line.Words[0] == "delivery");

    // A running process may have written only part of its last line.
    private (int Process, string[] Words)[] ReadLog() =>
    [
        .. Directory.GetFiles(_folder.Path, "*.log").Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllLines(file).Select(line => (int.Parse(Path.GetFileNameWithoutExtension(file)), line.Split(' ')))),
    ];

    private static Process Start(string[] arguments, (string Name, string Value) variable) => Process.Start(new ProcessStartInfo("dotnet", [HostProcess.HostPath, .. arguments])
    {
        UseShellExecute = false,
        Environment = { [variable.Name] = variable.Value },
    })!;

    // A busy emulator may not answer in time, which only means less noise.
    private static async Task<int> DisturbAsync(IFlowChannel channel, CancellationToken stop)
    {
        var deliveries = 0;
        var seen = new HashSet<int?>();
        while (true)
        {
            try
            {
                await Task.Delay(BetweenDisturbances, stop);
                if (await channel.ReceiveAsync(TimeSpan.FromSeconds(10), TimeSpan.Zero, stop) is not { } delivery)
                    continue;
                deliveries++;
                await DisturbAsync(channel, delivery, isNew: seen.Add(delivery.Message.Step), stop);
            }
            catch (FlowException e) when (e.IsTransient)
            {
            }
            catch (OperationCanceledException)
            {
                return deliveries;
            }
        }
    }

    // Duplicates each new message several times with delays, and defers known ones.
    private static async Task DisturbAsync(IFlowChannel channel, IDelivery delivery, bool isNew, CancellationToken stop)
    {
        if (!isNew)
        {
            await delivery.AbandonAsync(TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(2)), stop);
            return;
        }

        for (var copy = 0; copy < Copies; copy++)
            await channel.SendAsync(delivery.Message with
            {
                NotBefore = copy == 0 ? null
                : DateTimeOffset.UtcNow.AddMilliseconds(RandomNumberGenerator.GetInt32(4000))
            }, stop);
        await delivery.CompleteAsync(stop);
    }
}
