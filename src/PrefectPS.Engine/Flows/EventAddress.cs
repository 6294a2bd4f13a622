namespace PrefectPS.Flows;

/// <summary>For whom an event is, as far as the flow says it.</summary>
public static class EventAddress
{
    /// <summary>Demands that a task of the flow, or of one in it, waits for the event and can take what comes with it.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">What comes with it, as JSON; null for nothing.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>.</exception>
    public static void Demand(Flow flow, string name, string? payload)
    {
        var addressed = Find(flow, name);
        if (FaultsIn(flow, addressed, payload) is { Count: > 0 } faults)
            throw FlowErrors.EventPayloadInvalid(flow, name, addressed[0], faults);
    }

    /// <summary>The tasks of the flow, and of those in it, that wait for an event of a name: one at least.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: there is none.</exception>
    public static IReadOnlyList<FlowTask> Find(Flow flow, string name) => TryFind(flow, name)
        ?? throw FlowErrors.EventNameUnknown(flow, name, [.. WaitingIn(flow).Select(task => task.Event!.Name).Distinct(StringComparer.OrdinalIgnoreCase)]);

    /// <summary>The tasks of the flow, and of those in it, that wait for an event of a name; null where there is none.</summary>
    public static IReadOnlyList<FlowTask>? TryFind(Flow flow, string name) =>
        WaitingIn(flow).Where(task => task.EventName!.CanMake(name)).ToArray() is { Length: > 0 } addressed ? addressed : null;

    /// <summary>What keeps each of the tasks that wait from taking what comes with an event, as the first of them has it; empty where one can take it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: it cannot be read.</exception>
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
