using System.Management.Automation;

namespace PrefectPS.Loader;

/// <summary>Removes the names of the module's types when a session removes the module.</summary>
/// <remarks>A class that PowerShell finds by itself: a script block for OnRemove that names a type takes each import 3 ms to parse.</remarks>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => GetModuleAssemblyCommand.ForgetTypes();
}
