using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Http.Events;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>A run one of whose tasks waits for an answer: its steps are taken here, its answers come by a listener in another process.</summary>
internal sealed class WaitingRun
{
    private readonly FolderStore _store;
    private readonly Flow _flow;

    public WaitingRun(ListenerFixture listeners, Uri address, string flow, string id, string awaited, Func<object?> build)
    {
        Address = address;
        Id = id;
        _store = new(Path.Combine(listeners.Folder, "store"));
        _flow = new(flow, new FlowServices(), new() { Store = _store });
        _flow.Add(new("build", new Body((_, _) => build())) { Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromHours(1)] } });
        _flow.Add(new("approve", new Body(Answer)) { After = ["build"], Event = new(awaited) });
        _flow.Add(new("deploy", new Body((_, _) => null)) { After = ["approve"] });
    }

    /// <summary>Where the listener of its flow is.</summary>
    public Uri Address { get; }

    public string Id { get; }

    /// <summary>What the task that waited was given, and by whom.</summary>
    public List<string> Answers { get; } = [];

    /// <summary>How many events it keeps that no task has taken.</summary>
    public int Kept => Read().Identity.Control.Events.Count;

    /// <summary>What stands in its history.</summary>
    public string[] History => [.. RunHistory.Find(_store, _flow.Name, Id)!.All.Select(each => each.Message).OfType<string>()];

    private RunFolder Folder => new(_flow.Name, Id);

    /// <summary>Where an event is sent to it by programs.</summary>
    public Uri ApiOf(string name = "approval", string? run = null) => new(Address, $"runs/{Uri.EscapeDataString(run ?? Id)}/events/{Uri.EscapeDataString(name)}");

    /// <summary>A link for it.</summary>
    public Uri Link(string name = "approval", DateTimeOffset? expires = null, SigningKeys? keys = null, string? person = null, string? ofFlow = null) =>
        new EventLink(ofFlow ?? _flow.Name, Id, ExistingRun.Find(new(_store), Folder)!.Head.Incarnation, name, expires ?? DateTimeOffset.UtcNow.AddHours(1), $"link-{Guid.NewGuid():n}") { For = person }
            .ToUri(Address, keys ?? ListenerFixture.Keys);

    /// <summary>Takes a step.</summary>
    public FlowState Step() => StepTaker.Take(
        new(new RunById(_flow, Id, RunParameters.None)) { Durability = FlowDurability.Task }, TestContext.Current.CancellationToken).Run;

    /// <summary>The run as it is on record.</summary>
    public FlowState Read() => StoredRun.Find(new(_store), Folder, _flow)!.Run;

    /// <summary>Asks something of it: a stop, an answer, or that the task which waits be skipped.</summary>
    public void Send(RequestKind kind, string? id = null)
    {
        var request = new ControlRequest(id ?? Guid.NewGuid().ToString("n"), kind, "bob", RequestSender.Stamp(TimeProvider.System))
        {
            Event = kind == RequestKind.Event ? new("approval", """{"Answer":"yes"}""") : null,
            Edit = kind == RequestKind.Edit ? new(StateType.Skipped) { Tasks = ["approve"] } : null,
        };
        new RequestSender(new(_store), Folder, _flow, _flow.Services).Send(request, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public void Remove() => RunRemoval.Remove(RunRemoval.Find(_store, Folder)!);

    /// <summary>All objects that are on record of it, each with its size and time.</summary>
    public string[] Objects() => [.. Directory.EnumerateFiles(Path.Combine(_store.Name, "runs"), "*", SearchOption.AllDirectories)
        .Where(file => file.Contains(Id, StringComparison.Ordinal))
        .Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file).Ticks}").Order(StringComparer.Ordinal)];

    private string Answer(FlowContext context, TaskArguments arguments)
    {
        var given = string.Join(", ", Enumerable.Range(0, arguments.Count).Select(index => $"{arguments[index].Key}={arguments[index].Value}").Order(StringComparer.Ordinal));
        Answers.Add($"{given} by {context.EventSender}");
        return given;
    }

    private sealed class Body(Func<FlowContext, TaskArguments, object?> body) : ITaskBody
    {
        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => body(context, arguments);
    }
}
