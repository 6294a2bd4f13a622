using System.Management.Automation;
using System.Management.Automation.Runspaces;
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

    // Delegates, because reflection compiles a stub for each method that it calls, and every import would wait for that.
    private static readonly Func<Dictionary<string, Type>>? Known = Bind<Func<Dictionary<string, Type>>>(Accelerators?.GetProperty("Get")?.GetMethod);
    private static readonly Action<string, Type>? Add = Bind<Action<string, Type>>(Accelerators?.GetMethod("Add"));
    private static readonly Func<string, bool>? Delete = Bind<Func<string, bool>>(Accelerators?.GetMethod("Remove"));

    private static readonly List<WeakReference<Runspace>> Users = [];

    /// <summary>Adds the names, for this session. A name that already means another type keeps its meaning.</summary>
    public static void Register()
    {
        lock (Users)
        {
            Forget(Runspace.DefaultRunspace);
            Users.Add(new(Runspace.DefaultRunspace));
            foreach (var type in Named)
            {
                Register(type.Name, type);
                Register(type.FullName!, type);
            }
            Register(typeof(StateColors).FullName!, typeof(StateColors));
        }
    }

    /// <summary>Removes the names, unless another session of this process has the module: PowerShell has one table for all of them.</summary>
    public static void Remove()
    {
        lock (Users)
        {
            Forget(Runspace.DefaultRunspace);
            if (Users.Count > 0)
                return;
            foreach (var type in Named)
            {
                Remove(type.Name, type);
                Remove(type.FullName!, type);
            }
            Remove(typeof(StateColors).FullName!, typeof(StateColors));
        }
    }

    // Also removes sessions that ended without removing the module.
    private static void Forget(Runspace session)
    {
        for (var index = Users.Count - 1; index >= 0; index--)
        {
            if (!Users[index].TryGetTarget(out var user) || user == session || user.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
                Users.RemoveAt(index);
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
