using System.Management.Automation;
using System.Reflection;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS;

/// <summary>
/// Lets scripts use the module's types as <c>[FlowState]</c> or by their full names. The session cannot find them otherwise, because they are in a load context
/// of the module. PowerShell's table of type accelerators is not public, but its location has not changed since version 3.
/// </summary>
public static class SessionTypes
{
    private static readonly Type[] Named = [typeof(Flow), typeof(FlowTask), typeof(FlowState), typeof(FlowTaskState), typeof(FlowRun)];

    private static readonly Type? Accelerators = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators");

    // Delegates: an import in a new process waits for each stub that reflection makes to call a method.
    private static readonly Func<Dictionary<string, Type>>? Known = Bind<Func<Dictionary<string, Type>>>(Accelerators?.GetProperty("Get")?.GetMethod);
    private static readonly Action<string, Type>? Add = Bind<Action<string, Type>>(Accelerators?.GetMethod("Add"));
    private static readonly Func<string, bool>? Delete = Bind<Func<string, bool>>(Accelerators?.GetMethod("Remove"));

    /// <summary>Registers the types. Names that are already used for other types are not changed.</summary>
    public static void Register()
    {
        foreach (var type in Named)
        {
            Register(type.Name, type);
            Register(type.FullName!, type);
        }
    }

    /// <summary>Removes the names.</summary>
    public static void Remove()
    {
        foreach (var type in Named)
        {
            Remove(type.Name, type);
            Remove(type.FullName!, type);
        }
    }

    private static void Register(string name, Type type)
    {
        if (Find(name) is null)
            Add?.Invoke(name, type);
    }

    private static void Remove(string name, Type type)
    {
        if (Find(name) == type)
            Delete?.Invoke(name);
    }

    private static Type? Find(string name) => Known?.Invoke() is { } known && known.TryGetValue(name, out var type) ? type : null;

    private static T? Bind<T>(MethodInfo? method)
        where T : Delegate => method is null ? null : (T?)Delegate.CreateDelegate(typeof(T), method, throwOnBindFailure: false);
}
