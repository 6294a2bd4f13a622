using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Loader;

/// <summary>Loads the module's assembly from its folder. The only type of PrefectPS that the session itself loads.</summary>
public static class ModuleLoader
{
    private const string ModuleAssembly = "PrefectPS";

    private static Action? _forgetTypes;

    /// <summary>
    /// Loads the module; in PowerShell 7 into a context of its own, so that no other module's assemblies meet ours. Until the script module that asks for
    /// it is removed, scripts can name the module's types.
    /// </summary>
    /// <param name="folder">The folder with the module's assemblies.</param>
    /// <param name="context">The script module's <c>$ExecutionContext</c>.</param>
    /// <returns>The assembly with the cmdlets.</returns>
    /// <exception cref="FileNotFoundException">The folder has no module.</exception>
    public static Assembly Load(string folder, EngineIntrinsics context)
    {
        var assembly = LoadAssembly(folder);
        var types = assembly.GetType("PrefectPS.SessionTypes", throwOnError: true)!;
        Call(types, "Register")();
        _forgetTypes = Call(types, "Remove");
        context.SessionState.Module.OnRemove = ScriptBlock.Create("[PrefectPS.Loader.ModuleLoader]::ForgetTypes()");
        return assembly;
    }

    /// <summary>Takes back the names of the module's types.</summary>
    public static void ForgetTypes() => _forgetTypes?.Invoke();

    private static Assembly LoadAssembly(string folder)
    {
#if NETSTANDARD
        FolderResolver.Register(folder);
        return Assembly.LoadFrom(Path.Combine(folder, ModuleAssembly + ".dll"));
#else
        return ModuleLoadContext.For(folder).LoadFromAssemblyName(new(ModuleAssembly));
#endif
    }

    private static Action Call(Type type, string method) => (Action)Delegate.CreateDelegate(typeof(Action), type, method);
}
