namespace PrefectPS.Flows;

/// <summary>Tells whether what comes with an event can be the parameters of a flow that is a task's body.</summary>
/// <param name="subflow">The flow.</param>
/// <param name="given">The parameters that the task gives it itself.</param>
internal sealed class SubflowPayloadCheck(Flow subflow, IReadOnlyList<string> given) : IPayloadCheck
{
    public IReadOnlyList<PayloadField> Fields => [.. subflow.ParameterSet.Fields.Where(each => !given.Contains(each.Name, StringComparer.OrdinalIgnoreCase))];

    public IReadOnlyList<ParameterFault> FaultsIn(IReadOnlyList<KeyValuePair<string, object?>> payload)
    {
        var faults = new List<ParameterFault>();
        foreach (var entry in payload)
        {
            if (subflow.ParameterSet.NameOf(entry.Key) is not { } known)
                faults.Add(new(entry.Key, $"Flow '{subflow.Name}' has no such parameter."));
            else if (given.Contains(known, StringComparer.OrdinalIgnoreCase))
                faults.Add(new(known, "The task provides it itself."));
            else
                subflow.ParameterSet.BindAlone(known, entry.Value, faults);
        }

        return faults;
    }
}
