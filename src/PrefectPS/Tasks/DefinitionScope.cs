using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>The variables and functions that a flow's definition block or initialization script defined. Its tasks see them as in a parent scope.</summary>
internal sealed class DefinitionScope
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Its functions, by name.</summary>
    public Dictionary<string, ScriptBlock> Functions { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The module that the block belongs to; null for the session. Blocks of another module have their own variables.</summary>
    public PSModuleInfo? Module { get; init; }

    public bool IsEmpty => _variables.Count == 0 && Functions.Count == 0;

    public void Add(string name, object? value) => _variables[name] = value;

    public bool TryGet(string name, out object? value) => _variables.TryGetValue(name, out value);

    /// <summary>Merges another scope, which has precedence.</summary>
    public void Include(DefinitionScope inner)
    {
        foreach (var variable in inner._variables)
            _variables[variable.Key] = variable.Value;
        foreach (var function in inner.Functions)
            Functions[function.Key] = function.Value;
    }

    /// <summary>Copies of its variables for a scope: assignments there do not change the originals.</summary>
    public IEnumerable<PSVariable> Copy() => _variables.Select(variable => new PSVariable(variable.Key, variable.Value));
}
