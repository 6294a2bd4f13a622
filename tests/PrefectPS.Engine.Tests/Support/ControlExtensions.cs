using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Sends control requests to runs of a test flow, like another process.</summary>
internal static class ControlExtensions
{
    /// <summary>Sends a request and waits until it is applied.</summary>
    public static FlowState Ask(this TestFlow flow, RequestKind kind, string runId = "run", bool special = false, string? reason = null, TaskEdit? edit = null,
        bool hasFlow = true, string? id = null, TimeSpan? timeout = null) =>
        flow.Sender(runId, hasFlow).Send(Request(kind, special, reason, edit, id), timeout ?? TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken).Run!;

    /// <summary>Puts a request into the run's inbox.</summary>
    public static string Leave(this TestFlow flow, RequestKind kind, string runId = "run", bool special = false, TaskEdit? edit = null, string? id = null) =>
        flow.Sender(runId, hasFlow: false).Send(Request(kind, special, reason: null, edit, id), timeout: null, TestContext.Current.CancellationToken).Id;

    /// <summary>Sends a request on the test's clock and waits until it is applied.</summary>
    public static FlowState AskAt(this TestFlow flow, RequestKind kind, TaskEdit edit, DateTimeOffset at, string runId = "run") =>
        flow.Sender(runId, hasFlow: true)
            .Send(Request(kind, special: false, reason: null, edit, id: null) with { At = at }, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken).Run!;

    /// <summary>Sends an event and waits until the run has received it.</summary>
    public static FlowState Send(this TestFlow flow, string name, string? payload = null, string runId = "run", bool hasFlow = true, string? id = null) =>
        flow.Sender(runId, hasFlow).Send(Event(name, payload, id), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken).Run!;

    /// <summary>Puts an event into the run's inbox.</summary>
    public static string LeaveEvent(this TestFlow flow, string name, string? payload = null, string runId = "run", string? id = null) =>
        flow.Sender(runId, hasFlow: false).Send(Event(name, payload, id), timeout: null, TestContext.Current.CancellationToken).Id;

    /// <summary>Adds a received event to a run in memory.</summary>
    public static FlowState Given(this FlowState run, string name, string? payload = null, string? id = null)
    {
        var states = new RunStates(run);
        RequestApplication.Apply(states, Event(name, payload, id));
        return states.ToState(run.Identity);
    }

    public static TaskEdit To(StateType to, params string[] tasks) => new(to) { Tasks = tasks };

    private static RequestSender Sender(this TestFlow flow, string runId, bool hasFlow) =>
        new(new(flow.Flow.Store!), new("flow", runId), hasFlow ? flow.Flow : null, flow.Flow.Services) { IsOwnStep = (_, _) => false };

    private static ControlRequest Event(string name, string? payload, string? id) =>
        Request(RequestKind.Event, special: false, reason: null, edit: null, id) with { Event = new(name, payload) };

    private static ControlRequest Request(RequestKind kind, bool special, string? reason, TaskEdit? edit, string? id) =>
        new(id ?? Guid.NewGuid().ToString("n"), kind, "alice@host", RequestSender.Stamp(TimeProvider.System)) { IsSpecial = special, Reason = reason, Edit = edit };
}
