namespace PrefectPS.Flows;

/// <summary>Source of a target variable's value.</summary>
internal enum TargetSource
{
    /// <summary>One of <see cref="TargetVariables.Names"/>.</summary>
    Variable,

    /// <summary>An input or argument of the task.</summary>
    Input,

    /// <summary>A parameter of the flow.</summary>
    Parameter,
}

/// <summary>A resolved variable of a target.</summary>
/// <param name="Name">The name as declared.</param>
/// <param name="Source">Source of its value.</param>
internal readonly record struct TargetName(string Name, TargetSource Source);

/// <summary>
/// Resolves the variable names of a target. As in Prefect, an input hides a variable of the same name, and a variable hides a flow parameter, which
/// <c>parameters[name]</c> still reaches.
/// </summary>
/// <param name="inputs">Body parameters that get an input or argument; none for a flow's target, which all tasks share.</param>
/// <param name="parameters">The flow's parameters.</param>
internal sealed class TargetNames(IReadOnlyList<string> inputs, IReadOnlyList<string> parameters)
{
    private const string ParametersOpen = "parameters[";
    private const string ParametersClose = "]";

    // Prefect's variables that are not supported, with the reason.
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["parameters"] = "a path cannot contain all parameters; specify one, as in {parameters[name]}",
        ["checkpointing"] = "targets are only used if results are written",
        ["config"] = "Prefect's configuration does not exist here; use a parameter of the flow",
        ["caches"] = "Prefect's caches do not exist here",
        ["logger"] = "it cannot be part of a path",
        ["secrets"] = "a secret is never written, not even as part of a path",
        ["upstream_states"] = "use an input of the task for the result of an upstream task",
        ["project_name"] = "flows do not belong to projects; use a parameter of the flow",
        ["flow_version"] = "flows have no version; use a parameter of the flow",
    };

    /// <summary>Resolves a name; null if unknown.</summary>
    public TargetName? Find(string name)
    {
        if (name.StartsWith(ParametersOpen, StringComparison.Ordinal) && name.EndsWith(ParametersClose, StringComparison.Ordinal))
            return FindIn(parameters, name.Substring(ParametersOpen.Length, name.Length - ParametersOpen.Length - ParametersClose.Length), TargetSource.Parameter);
        return FindIn(inputs, name, TargetSource.Input)
            ?? FindIn(TargetVariables.Names, name, TargetSource.Variable)
            ?? FindIn(parameters, name, TargetSource.Parameter);
    }

    /// <summary>Error text for an unknown name: lists the known ones.</summary>
    public string Missing(string name) => LeftOut.TryGetValue(name, out var reason)
        ? $"there is no variable '{name}': {reason}"
        : $"there is no variable '{name}'; there are {string.Join(", ", TargetVariables.Names.Concat(inputs).Concat(parameters))}"
            + (inputs.Count == 0 ? "; a task's own target can also use its inputs" : string.Empty);

    private static TargetName? FindIn(IReadOnlyList<string> names, string name, TargetSource source) =>
        names.FirstOrDefault(each => string.Equals(each, name, StringComparison.OrdinalIgnoreCase)) is { } found ? new TargetName(found, source) : null;
}
