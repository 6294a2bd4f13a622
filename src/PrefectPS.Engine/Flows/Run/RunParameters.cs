using System.Collections.ObjectModel;
using System.Globalization;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Binds flow parameters: once, when a run starts, and unchanged in every later step.</summary>
public static class RunParameters
{
    /// <summary>No values.</summary>
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnly([]);

    /// <summary>Binds the values of a new run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, listing all faults.</exception>
    internal static IReadOnlyDictionary<string, object?> Bind(Flow flow, IReadOnlyDictionary<string, object?> given) => Bind(flow, given, []);

    /// <summary>Binds the values of a new run with secrets: these are not converted, and no fault reveals them.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, listing all faults.</exception>
    internal static IReadOnlyDictionary<string, object?> Bind(Flow flow, IReadOnlyDictionary<string, object?> given, IReadOnlyCollection<string> secrets)
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
            from parameter in flow.ParameterSet.DependentsOf(secret)
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

    /// <summary>Names of the given values that differ from those the run began with, compared in their stored form.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, listing all faults.</exception>
    internal static IReadOnlyList<string> Changed(FlowState run, IReadOnlyDictionary<string, object?> given)
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

        // The same number may be an int from a script and a long from JSON.
        bool IsSame(object? one, object? other) => (Whole(one) is { } number && Whole(other) == number)
            || CanonicalValue.Of(one, adapter).AsSpan().SequenceEqual(CanonicalValue.Of(other, adapter));
    }

    private static decimal? Whole(object? value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : null;

    /// <summary>Restores the secret values of a run that was read without them.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>, listing all faults.</exception>
    internal static IReadOnlyDictionary<string, object?> Restore(Flow flow, RunIdentity run, IReadOnlyDictionary<string, object?> given)
    {
        var faults = new List<ParameterFault>();
        var table = NewTable();
        foreach (var parameter in run.Parameters)
            table[parameter.Key] = parameter.Value;
        foreach (var name in run.LostSecrets)
        {
            if (given.TryGetValue(name, out var value))
                table[name] = flow.ParameterSet.BindOne(name, value, faults);
            else
                faults.Add(new(name, "It was a secret, which is never written, and the task no longer provides it."));
        }

        return faults.Count > 0 ? throw FlowErrors.ParametersInvalid(flow, Mask(faults, given, run.Secrets, flow.Services.Values))
            : table.Count < flow.Parameters.Count ? Bind(flow, table, run.Secrets)
            : ReadOnly(table);
    }

    /// <summary>Completes the values that a document carries; missing ones are bound now, as for a new run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="carried">Values from the document.</param>
    /// <param name="given">Values for missing parameters.</param>
    /// <param name="secrets">Missing secret parameters; they stay without a value unless given.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>: a value is invalid, or given though the run has it.</exception>
    internal static IReadOnlyDictionary<string, object?> Complete(
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

    /// <summary>Parameter values for display, secrets hidden.</summary>
    internal static IReadOnlyDictionary<string, object?> Show(RunIdentity run)
    {
        var table = NewTable();
        foreach (var parameter in run.Parameters)
            table[parameter.Key] = run.IsSecret(parameter.Key) ? new FlowSecret(parameter.Value) : parameter.Value;
        return ReadOnly(table);
    }

    // Resolves aliases to parameter names.
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

    /// <summary>Creates a case-insensitive table of values.</summary>
    internal static Dictionary<string, object?> NewTable() => new(StringComparer.OrdinalIgnoreCase);

    // Round-trips a value through JSON, so that the first step sees what all later ones will read; rejects values that cannot be stored.
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
