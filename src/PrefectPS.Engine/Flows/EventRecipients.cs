namespace PrefectPS.Flows;

/// <summary>Finds the tasks of a flow that wait for an event, and checks its payload against them.</summary>
public static class EventRecipients
{
    /// <summary>Throws unless a task of the flow or of a nested flow waits for the event and accepts its payload.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">The payload as JSON; null if none.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>.</exception>
    public static void Require(Flow flow, string name, string? payload)
    {
        var addressed = Find(flow, name);
        if (FaultsIn(flow, addressed, payload) is { Count: > 0 } faults)
            throw FlowErrors.EventPayloadInvalid(flow, name, addressed[0], faults);
    }

    /// <summary>Finds the tasks, in nested flows too, that wait for an event of this name.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: no task waits for it.</exception>
    public static IReadOnlyList<FlowTask> Find(Flow flow, string name) => TryFind(flow, name)
        ?? throw FlowErrors.EventNameUnknown(flow, name, [.. WaitingIn(flow).Select(task => task.Event!.Name).Distinct(StringComparer.OrdinalIgnoreCase)]);

    /// <summary>Finds the tasks, in nested flows too, that wait for an event of this name; null if there are none.</summary>
    public static IReadOnlyList<FlowTask>? TryFind(Flow flow, string name) =>
        WaitingIn(flow).Where(task => task.EventName!.CanRender(name)).ToArray() is { Length: > 0 } addressed ? addressed : null;

    /// <summary>Faults of the payload as the first waiting task sees them; empty if any of the tasks accepts it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: the payload cannot be read.</exception>
    public static IReadOnlyList<ParameterFault> FaultsIn(Flow flow, IReadOnlyList<FlowTask> addressed, string? payload)
    {
        var values = EventPayload.Read(payload, flow.Services.Values);
        IReadOnlyList<ParameterFault>? first = null;
        foreach (var task in addressed)
        {
            var faults = task.Event!.Check?.FaultsIn(values) ?? [];
            if (faults.Count == 0)
                return [];
            first ??= faults;
        }

        return first!;
    }

    private static IEnumerable<FlowTask> WaitingIn(Flow flow) => flow.WithSubflows().SelectMany(each => each.Tasks).Where(task => task.Event is not null);
}
