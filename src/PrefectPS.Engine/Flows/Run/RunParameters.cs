using System.Collections.ObjectModel;
using System.Globalization;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>The values that a flow's parameters have in a run: bound once, when it starts, and the same in every step.</summary>
internal static class RunParameters
{
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnly([]);

    /// <summary>The values of a new run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, with all that is wrong.</exception>
    public static IReadOnlyDictionary<string, object?> Bind(Flow flow, IReadOnlyDictionary<string, object?> given) => Bind(flow, given, []);

    /// <summary>The values of a new run, some of which were given secrets: these are kept as they are, and no fault tells of them.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, with all that is wrong.</exception>
    public static IReadOnlyDictionary<string, object?> Bind(Flow flow, IReadOnlyDictionary<string, object?> given, IReadOnlyCollection<string> secrets)
    {
        if (flow.Parameters.Count == 0 && given.Count == 0)
            return None;
        given = ByName(flow, given);
        var faults = new List<ParameterFault>();
        var known = NewTable();
        foreach (var parameter in given)
        {
            if (flow.Parameters.Contains(parameter.Key, StringComparer.OrdinalIgnoreCase))
                known[parameter.Key] = parameter.Value;
            else
                faults.Add(new(parameter.Key, "The flow has no such parameter."));
        }

        faults.AddRange(
            from secret in secrets
            from parameter in flow.ParameterSet.TakersOf(secret)
            where !given.ContainsKey(parameter)
            select new ParameterFault(parameter, $"Its default depends on '{secret}', which is a secret here. Specify a value, or compute it in the task that needs it."));
        var values = flow.ParameterSet.Bind(known, faults);
        var table = NewTable();
        for (var i = 0; i < values.Count; i++)
        {
            var name = flow.Parameters[i];
            table[name] = secrets.Contains(name, StringComparer.OrdinalIgnoreCase) ? values[i] : Settle(name, values[i], flow.Services.Values, faults);
        }

        return faults.Count == 0 ? ReadOnly(table) : throw FlowErrors.ParametersInvalid(flow, Mask(faults, given, secrets, flow.Services.Values));
    }

    /// <summary>Those of the given values, by name, that are others than a run began with; compared as a run would keep them.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, with all that is wrong.</exception>
    public static IReadOnlyList<string> Changed(FlowState run, IReadOnlyDictionary<string, object?> given)
    {
        if (given.Count == 0)
            return [];
        given = ByName(run.Flow, given);
        var table = NewTable();
        foreach (var parameter in run.Parameters)
            table[parameter.Key] = parameter.Value;
        foreach (var parameter in given)
            table[parameter.Key] = parameter.Value;
        var bound = Bind(run.Flow, table);
        var adapter = run.Flow.Services.Values;
        return [.. given.Keys.Where(name => !run.Parameters.TryGetValue(name, out var old) || !IsSame(old, bound[name]))];

        // The same number may come as an int from a script, and as a long from JSON.
        bool IsSame(object? one, object? other) => (Whole(one) is { } number && Whole(other) == number)
            || CanonicalValue.Of(one, adapter).AsSpan().SequenceEqual(CanonicalValue.Of(other, adapter));
    }

    private static decimal? Whole(object? value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : null;

    /// <summary>The values of a run that was read without its secrets, which are given again.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, with all that is wrong.</exception>
    public static IReadOnlyDictionary<string, object?> Restore(Flow flow, RunIdentity run, IReadOnlyDictionary<string, object?> given)
    {
        var faults = new List<ParameterFault>();
        var table = NewTable();
        foreach (var parameter in run.Parameters)
            table[parameter.Key] = parameter.Value;
        foreach (var name in run.LostSecrets)
        {
            if (given.TryGetValue(name, out var value))
                table[name] = flow.ParameterSet.BindAlone(name, value, faults);
            else
                faults.Add(new(name, "It was a secret, which is never written, and the task no longer provides it."));
        }

        return faults.Count > 0 ? throw FlowErrors.ParametersInvalid(flow, Mask(faults, given, run.Secrets, flow.Services.Values))
            : table.Count < flow.Parameters.Count ? Bind(flow, table, run.Secrets)
            : ReadOnly(table);
    }

    /// <summary>The values of a run that a document carries; those it does not carry are bound now, as for a new run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="carried">The values that the document carries.</param>
    /// <param name="given">Values for those that it does not.</param>
    /// <param name="secrets">Those that it does not carry because they are secrets; where they are not given, they stay without a value.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>: some are wrong, or given though the run has them.</exception>
    public static IReadOnlyDictionary<string, object?> Complete(
        Flow flow, string runId, IReadOnlyDictionary<string, object?> carried, IReadOnlyDictionary<string, object?> given, IReadOnlyCollection<string> secrets)
    {
        given = ByName(flow, given);
        if (given.Keys.Any(carried.ContainsKey))
            throw FlowErrors.ParametersFixed(flow, runId);
        var table = NewTable();
        foreach (var name in flow.Parameters.Where(carried.ContainsKey))
            table[name] = carried[name];
        if (table.Count == flow.Parameters.Count && given.Count == 0)
            return table.Count == 0 ? None : ReadOnly(table);
        foreach (var parameter in given)
            table[parameter.Key] = parameter.Value;
        return secrets.All(table.ContainsKey) ? Bind(flow, table, secrets) : ReadOnly(table);
    }

    /// <summary>The values of a run as they are shown: secrets without what they are.</summary>
    public static IReadOnlyDictionary<string, object?> Show(RunIdentity run)
    {
        var table = NewTable();
        foreach (var parameter in run.Parameters)
            table[parameter.Key] = run.IsSecret(parameter.Key) ? new FlowSecret(parameter.Value) : parameter.Value;
        return ReadOnly(table);
    }

    // By the parameters' own names, where they were given by aliases.
    private static Dictionary<string, object?> ByName(Flow flow, IReadOnlyDictionary<string, object?> given)
    {
        var table = NewTable();
        foreach (var parameter in given)
        {
            var name = flow.ParameterSet.NameOf(parameter.Key) ?? parameter.Key;
            if (table.ContainsKey(name))
                throw FlowErrors.ParametersInvalid(flow, [new(name, "It is given twice, by its name and by an alias.")]);
            table[name] = parameter.Value;
        }

        return table;
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
            faults.Add(new(name, "A secret is never written to a state document, so it cannot be a parameter. Use Add-FlowTask -SecretFrom for the task that needs it."));
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

    private static List<ParameterFault> Mask(
        List<ParameterFault> faults, IReadOnlyDictionary<string, object?> given, IReadOnlyCollection<string> secrets, IValueAdapter adapter)
    {
        var mask = new SecretMask(adapter);
        foreach (var value in given.Where(value => secrets.Contains(value.Key, StringComparer.OrdinalIgnoreCase)))
            mask.Add(value.Value);
        return faults.ConvertAll(fault => fault with { Fault = mask.Hide(fault.Fault)! });
    }


    private static ReadOnlyDictionary<string, object?> ReadOnly(Dictionary<string, object?> table) => new(table);
}
