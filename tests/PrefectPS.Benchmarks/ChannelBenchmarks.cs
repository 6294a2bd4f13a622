using Azure.Storage.Queues;
using PrefectPS.Azure.Channels;
using PrefectPS.Channels;
using PrefectPS.Flows;
using PrefectPS.Google.Channels;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Benchmarks;

/// <summary>
/// A step by message: receive, decode, run one no-op, encode, publish, complete; beside the bare send, receive and delete. Services are measured where
/// PREFECTPS_BENCHMARK_CHANNELS names channels, one after the other with a blank between: azqueue://…, pubsub://….
/// </summary>
internal static class ChannelBenchmarks
{
    private const string Variable = "PREFECTPS_BENCHMARK_CHANNELS";
    private const int Tasks = 100;

    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IEnumerable<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
        try
        {
            foreach (var row in Run("memory", new MemoryChannel("benchmark", TimeProvider.System), null))
                yield return row;
            foreach (var row in Run("a folder", new FolderChannel(folder, TimeProvider.System), null))
                yield return row;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var address in (Environment.GetEnvironmentVariable(Variable) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isQueue = address.StartsWith("azqueue:", StringComparison.Ordinal);
            IFlowChannel channel = isQueue ? QueueChannel.Open(new() { Address = address }) : PubSubChannel.Open(new() { Address = address });
            foreach (var row in Run(address, channel, isQueue ? address.Split('/')[^1] : null))
                yield return row;
        }
    }

    private static IEnumerable<Measurement> Run(string name, IFlowChannel channel, string? queue)
    {
        var flow = Shapes.Chain(Tasks);
        var document = Documents.FlowStateWriter.Write(FlowState.New(flow));
        var bare = queue is null ? Measurement.Time(() => Pass(channel, document)) : Measurement.Time(() => Pass(Client(queue), document));
        MessagePublisher.SendAsync(channel, FlowState.New(flow), always: false, CancellationToken.None).Wait();
        var whole = Measurement.Time(() => Step(channel, flow));
        yield return new($"{name}: send, receive, delete a document of {Tasks} tasks", bare.TotalMilliseconds, "ms");
        yield return new($"{name}: a step by message", whole.TotalMilliseconds, "ms", whole / bare);
        yield return new($"{name}: our part of it", (whole - bare).TotalMilliseconds, "ms", Target: "< 10");
    }

    private static void Pass(IFlowChannel channel, byte[] document)
    {
        channel.SendAsync(new(document), CancellationToken.None).Wait();
        channel.ReceiveAsync(LockTime, Patience, CancellationToken.None).Wait()!.CompleteAsync(CancellationToken.None).Wait();
    }

    private static QueueClient Client(string queue) =>
        new(Environment.GetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING"), queue, new() { MessageEncoding = QueueMessageEncoding.Base64 });

    private static void Pass(QueueClient queue, byte[] document)
    {
        queue.SendMessage(new BinaryData(document));
        var message = queue.ReceiveMessage(LockTime).Value;
        queue.DeleteMessage(message.MessageId, message.PopReceipt);
    }

    private static void Step(IFlowChannel channel, Flow flow)
    {
        var message = MessageReceiver.ReceiveAsync(channel, new(), Patience, TimeProvider.System, CancellationToken.None).Wait()!;
        var outcome = StepTaker.Take(new(new RunOfMessage(flow, message, RunParameters.None)) { Budget = new() { MaxTasks = 1 } }, CancellationToken.None);
        var next = outcome.Run.HasPending ? outcome.Run : FlowState.New(flow).From(new MessageOrigin(message));
        MessagePublisher.SendAsync(channel, next, always: false, CancellationToken.None).Wait();
    }
}
