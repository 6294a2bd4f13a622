using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>The variables and functions that a block left behind: the definition block of a flow, or its initialization script. Its tasks find them as in a parent scope.</summary>
internal sealed class DefinitionScope
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Its functions, by name.</summary>
    public Dictionary<string, ScriptBlock> Functions { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The module that the block belongs to; null for the session itself. Blocks of another one have variables of their own.</summary>
    public PSModuleInfo? Module { get; init; }

    public bool IsEmpty => _variables.Count == 0 && Functions.Count == 0;

    public void Add(string name, object? value) => _variables[name] = value;

    public bool TryGet(string name, out object? value) => _variables.TryGetValue(name, out value);

    /// <summary>What is in another scope is in this one, too; what both have is the other's.</summary>
    public void Include(DefinitionScope inner)
    {
        foreach (var variable in inner._variables)
            _variables[variable.Key] = variable.Value;
        foreach (var function in inner.Functions)
            Functions[function.Key] = function.Value;
    }

    /// <summary>Its variables, to be set in a scope: what is assigned to them there is not assigned here.</summary>
    public IEnumerable<PSVariable> Copy() => _variables.Select(variable => new PSVariable(variable.Key, variable.Value));
}
