using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using PrefectPS.Blocks;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Resolves <c>New-Flow -Module -InitializationScript</c>.</summary>
internal static class SetupParameter
{
    private static readonly string[] Extensions = [".psd1", ".psm1", ".ps1", ".dll", ".cdxml"];

    /// <summary>The setup; null for none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the script names a variable by <c>$using:</c>.</exception>
    public static FlowSetup? Resolve(string flow, ModuleSpecification[] modules, ScriptBlock? script, SessionState session)
    {
        if (script is not null && UsingVariables.NamesIn(script) is [var name, ..])
            throw ModuleErrors.SetupUsesVariable(flow, name);
        return modules.Length == 0 && script is null ? null : new(flow, [.. modules.Select(module => Locate(module, session))], script);
    }

    // Later the location may be another one.
    private static ModuleSpecification Locate(ModuleSpecification module, SessionState session)
    {
        if (!IsPath(module.Name))
            return module;
        var path = session.Path.GetUnresolvedProviderPathFromPSPath(module.Name);
        if (module.Version is null && module.RequiredVersion is null && module.MaximumVersion is null)
            return new(path);
        var table = new System.Collections.Hashtable { ["ModuleName"] = path };
        if (module.RequiredVersion is not null)
            table["RequiredVersion"] = module.RequiredVersion;
        if (module.Version is not null)
            table["ModuleVersion"] = module.Version;
        if (module.MaximumVersion is not null)
            table["MaximumVersion"] = module.MaximumVersion;
        if (module.Guid is { } guid)
            table["Guid"] = guid;
        return new(table);
    }

    private static bool IsPath(string name) => name.IndexOfAny(['/', '\\']) >= 0
        || (Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) && File.Exists(name))
        || name is ['~', ..] or ['.', ..];
}
