using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PrefectPS.Loader;

/// <summary>Loads the module's assembly from its folder. The only type of PrefectPS that the session itself loads.</summary>
public static class ModuleLoader
{
    private const string ModuleAssembly = "PrefectPS";

    private static readonly ConditionalWeakTable<EngineIntrinsics, Assembly> Imported = new(); // by session

    private static Action? _forgetTypes;

    /// <summary>
    /// Loads the module; in PowerShell 7 into a context of its own, so that no other module's assemblies meet ours. Until the script module that asks for
    /// it is removed, scripts can name the module's types.
    /// </summary>
    /// <param name="folder">The folder with the module's assemblies.</param>
    /// <param name="context">The script module's <c>$ExecutionContext</c>.</param>
    /// <returns>What the script module is to import: the assembly with the cmdlets; where the session has imported it before, and it would bring none again, its module.</returns>
    /// <exception cref="FileNotFoundException">The folder has no module.</exception>
    public static object Load(string folder, EngineIntrinsics context)
    {
        var assembly = LoadAssembly(folder);
        var types = assembly.GetType("PrefectPS.SessionTypes", throwOnError: true)!;
        Call(types, "Register")();
        _forgetTypes = Call(types, "Remove");
        context.SessionState.Module.OnRemove = ScriptBlock.Create("[PrefectPS.Loader.ModuleLoader]::ForgetTypes()");
        if (Imported.TryGetValue(context, out _))
            return context.InvokeCommand.InvokeScript(context.SessionState, ScriptBlock.Create("Import-Module -Assembly $args[0] -PassThru"), assembly)[0];
        Imported.Add(context, assembly);
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
