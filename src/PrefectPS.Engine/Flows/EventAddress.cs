namespace PrefectPS.Flows;

/// <summary>For whom an event is, as far as the flow says it.</summary>
internal static class EventAddress
{
    /// <summary>Demands that a task of the flow, or of one in it, waits for the event and can take what comes with it.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">What comes with it, as JSON; null for nothing.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>.</exception>
    public static void Demand(Flow flow, string name, string? payload)
    {
        FlowTask[] waiting = [.. flow.WithSubflows().SelectMany(each => each.Tasks).Where(task => task.Event is not null)];
        FlowTask[] addressed = [.. waiting.Where(task => task.EventName!.CanMake(name))];
        if (addressed.Length == 0)
            throw FlowErrors.EventNameUnknown(flow, name, [.. waiting.Select(task => task.Event!.Name).Distinct(StringComparer.OrdinalIgnoreCase)]);
        var values = EventPayload.Read(payload, flow.Services.Values);
        IReadOnlyList<ParameterFault>? first = null;
        foreach (var task in addressed)
        {
            var faults = task.Event!.Check?.FaultsIn(values) ?? [];
            if (faults.Count == 0)
                return;
            first ??= faults;
        }

        throw FlowErrors.EventPayloadInvalid(flow, name, addressed[0], first!);
    }
}
