using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>A target computed by code, such as a script block.</summary>
internal sealed class ComputedTarget : TaskTarget
{
    private readonly ITargetFunction _function;
    private readonly TargetName[] _parameters;

    /// <summary>Creates a target from a function.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: it requests an unknown variable.</exception>
    public ComputedTarget(ITargetFunction function, TargetNames names)
        : base(function.Source)
    {
        _function = function;
        _parameters = [.. function.Parameters.Select(name => names.Find(name) ?? throw FlowErrors.TargetInvalid(Text, names.Missing(name)))];
        TakesInputs = _parameters.Any(parameter => parameter.Source == TargetSource.Input);
    }

    internal override bool TakesInputs { get; }

    internal override bool TakesValues => _parameters.Any(parameter => parameter.Source != TargetSource.Variable);

    private protected override string Make(in TargetVariables variables)
    {
        var values = new KeyValuePair<string, object?>[_parameters.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = new(_function.Parameters[i], variables.GetForCode(_parameters[i], Text));
        var path = _function.GetPath(variables.Context, values);
        return StorePath.FaultIn(path) is { } fault ? throw FlowErrors.TargetInvalid(path, fault) : path;
    }

    private protected override bool DiffersPerChild(in TargetVariables variables)
    {
        if (_function.ReadsMapIndex)
            return true;
        foreach (var parameter in _parameters)
        {
            if (variables.DiffersPerChild(parameter))
                return true;
        }

        return false;
    }
}
