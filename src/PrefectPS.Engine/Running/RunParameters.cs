using System.Collections.ObjectModel;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Running;

/// <summary>The values that a flow's parameters have in a run: bound once, when it starts, and the same in every step.</summary>
internal static class RunParameters
{
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnly([]);

    /// <summary>The values of a new run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, with all that is wrong.</exception>
    public static IReadOnlyDictionary<string, object?> Bind(Flow flow, IReadOnlyDictionary<string, object?> given)
    {
        if (flow.Parameters.Count == 0 && given.Count == 0)
            return None;
        var faults = new List<ParameterFault>();
        var known = NewTable();
        foreach (var parameter in given)
        {
            if (flow.Parameters.Contains(parameter.Key, StringComparer.OrdinalIgnoreCase))
                known[parameter.Key] = parameter.Value;
            else
                faults.Add(new(parameter.Key, "The flow has no such parameter."));
        }

        var values = flow.ParameterSet.Bind(known, faults);
        var table = NewTable();
        for (var i = 0; i < values.Count; i++)
            table[flow.Parameters[i]] = Settle(flow.Parameters[i], values[i], flow.Services.Values, faults);
        return faults.Count == 0 ? ReadOnly(table) : throw FlowErrors.ParametersInvalid(flow, faults);
    }

    /// <summary>The values of a run that a document carries; those it does not carry are bound now, as for a new run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>: some are wrong, or given though the run has them.</exception>
    public static IReadOnlyDictionary<string, object?> Complete(
        Flow flow, string runId, IReadOnlyDictionary<string, object?> carried, IReadOnlyDictionary<string, object?> given)
    {
        if (given.Keys.Any(carried.ContainsKey))
            throw FlowErrors.ParametersFixed(flow, runId);
        var table = NewTable();
        foreach (var name in flow.Parameters.Where(carried.ContainsKey))
            table[name] = carried[name];
        if (table.Count == flow.Parameters.Count && given.Count == 0)
            return table.Count == 0 ? None : ReadOnly(table);
        foreach (var parameter in given)
            table[parameter.Key] = parameter.Value;
        return Bind(flow, table);
    }

    /// <summary>A table of values by name, whatever its case.</summary>
    public static Dictionary<string, object?> NewTable() => new(StringComparer.OrdinalIgnoreCase);

    // The first step sees what all others will read: a value that the document changes is changed at once, and one that it cannot hold is refused.
    private static object? Settle(string name, object? value, IValueAdapter adapter, List<ParameterFault> faults)
    {
        if (value is null)
            return null;
        if (adapter.IsSecret(value))
        {
            faults.Add(new(name, "A secret is not written into a state document, so it cannot be a parameter. Let the task that needs it fetch it."));
            return null;
        }

        try
        {
            var json = new JsonSerializer(adapter);
            return json.Read(json.ToBytes(value));
        }
        catch (FlowException e)
        {
            faults.Add(new(name, e.Message));
            return null;
        }
    }

    private static ReadOnlyDictionary<string, object?> ReadOnly(Dictionary<string, object?> table) => new(table);
}
