using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The parameters of a flow that a param block declares: PowerShell itself binds them, with their types, attributes and defaults.</summary>
internal sealed class ParameterBlock : IParameterSet
{
    private readonly ScriptBlock _block;
    private readonly ParameterBinder _binder;
    private readonly DeclaredParameter[] _declared;

    /// <summary>The parameters of a block.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is more than a param block, or declares a secret.</exception>
    public ParameterBlock(string flow, ScriptBlock block)
    {
        if (!IsParamBlockOnly(block, out var declarations))
            throw ModuleErrors.ParameterBlockHasStatements(flow);
        _block = block;
        _declared = [.. declarations.Select(declaration => new DeclaredParameter(declaration))];
        Names = [.. _declared.Select(parameter => parameter.Name)];
        _binder = new(block, Names);
        if (_declared.FirstOrDefault(parameter => parameter.IsSecret) is { } secret)
            throw ModuleErrors.ParameterIsSecret(flow, secret.Name);
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<PayloadField> Fields => [.. _declared.Select(DeclaredField.Of)];

    public string Source => _block.ToString();

    public string? NameOf(string given) => _declared.FirstOrDefault(parameter => parameter.IsNamed(given))?.Name;

    public IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults)
    {
        var found = Missing(given).ToList();
        var first = default(ParameterFault);
        if (found.Count == 0 && _binder.TryBind(_block, Splatting.TableOf(given), out var values, out first))
            return values;

        found.AddRange(Wrong(given));
        foreach (var fault in found.Count > 0 ? found : [first])
            faults.Add(fault);
        return [];
    }

    public object? BindOne(string name, object? value, ICollection<ParameterFault> faults)
    {
        var index = Array.FindIndex(_declared, parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase));
        if (_binder.TryBind(_declared[index].Alone(), new() { [name] = value }, out var values, out var fault))
            return values[index];
        faults.Add(fault);
        return null;
    }

    public IEnumerable<string> DependentsOf(string name) =>
        from parameter in _declared
        where parameter.TakesInDefault(name)
        select parameter.Name;

    private static bool IsParamBlockOnly(ScriptBlock block, out IReadOnlyList<ParameterAst> declarations)
    {
        var ast = block.Ast as ScriptBlockAst;
        declarations = ast?.ParamBlock?.Parameters ?? (IReadOnlyList<ParameterAst>)[];
        return ast is { ParamBlock: not null, BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: null or { Statements.Count: 0 } };
    }

    // Checked before the call, because PowerShell would prompt for them.
    private IEnumerable<ParameterFault> Missing(IReadOnlyDictionary<string, object?> given) =>
        from parameter in _declared
        where parameter.IsMandatory && !given.ContainsKey(parameter.Name)
        select new ParameterFault(parameter.Name, "It is required.");

    // PowerShell stops at the first invalid value; binding one by one finds all of them.
    private IEnumerable<ParameterFault> Wrong(IReadOnlyDictionary<string, object?> given)
    {
        foreach (var parameter in _declared)
        {
            if (given.TryGetValue(parameter.Name, out var value)
                && !_binder.TryBind(parameter.Alone(), new() { [parameter.Name] = value }, out _, out var fault))
            {
                yield return fault;
            }
        }
    }
}
