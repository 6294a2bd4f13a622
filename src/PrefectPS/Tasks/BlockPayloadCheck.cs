using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Checks whether the payload of an event can be bound to a script block, one parameter after the other, by PowerShell itself.</summary>
/// <param name="block">The block.</param>
/// <param name="given">The parameters that the task provides itself.</param>
/// <param name="offered">The flow's parameters, for which an event may provide other values.</param>
internal sealed class BlockPayloadCheck(ScriptBlock block, IReadOnlyList<string> given, IReadOnlyList<string> offered) : IPayloadCheck
{
    private readonly BlockParameters _parameters = new(block);
    private readonly Lazy<ParameterBinder> _binder = new(() => new(block, []));

    public IReadOnlyList<PayloadField> Fields { get; } = new BlockParameters(block).FieldsWithout([.. given, .. offered]);

    public IReadOnlyList<ParameterFault> FaultsIn(IReadOnlyList<KeyValuePair<string, object?>> payload)
    {
        var faults = new List<ParameterFault>();
        var bound = new List<string>();
        foreach (var entry in payload)
        {
            if (_parameters.Find(entry.Key) is not { } parameter)
                faults.Add(new(entry.Key, _parameters.Names.Count == 0 ? "The script block of the task has no parameters." : $"The script block of the task has no such parameter; it has {string.Join(", ", _parameters.Names)}."));
            else if (given.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase))
                faults.Add(new(parameter.Name, "The task provides it itself."));
            else if (bound.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase))
                faults.Add(new(parameter.Name, "It is there twice."));
            else
                Bind(parameter, entry, bound, faults);
        }

        if (faults.Count == 0 && _parameters.FindUnsupplied([.. given, .. offered, .. bound]) is { } missing)
            faults.Add(new(missing, "It is required."));
        return faults;
    }

    private void Bind(DeclaredParameter parameter, KeyValuePair<string, object?> entry, List<string> bound, List<ParameterFault> faults)
    {
        bound.Add(parameter.Name);
        if (!_binder.Value.TryBind(parameter.Alone(), new Hashtable { [parameter.Name] = entry.Value }, out _, out var fault))
            faults.Add(fault);
    }
}
