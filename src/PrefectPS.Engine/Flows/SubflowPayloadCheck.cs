namespace PrefectPS.Flows;

/// <summary>Validates the payload of an event against the parameters of a subflow.</summary>
/// <param name="subflow">The subflow.</param>
/// <param name="given">Parameters that the task supplies itself.</param>
public sealed class SubflowPayloadCheck(Flow subflow, IReadOnlyList<string> given) : IPayloadCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<PayloadField> Fields => [.. subflow.ParameterSet.Fields.Where(each => !given.Contains(each.Name, StringComparer.OrdinalIgnoreCase))];

    /// <inheritdoc/>
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
                subflow.ParameterSet.BindOne(known, entry.Value, faults);
        }

        return faults;
    }
}
