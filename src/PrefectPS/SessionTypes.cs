using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS;

/// <summary>
/// Lets scripts name the module's types, as <c>[FlowState]</c> or by their full names. The session cannot find them by itself: they are in a load context
/// of the module's own. PowerShell's table of type accelerators is not public, but where it is has been the same since version 3.
/// </summary>
public static class SessionTypes
{
    private static readonly Type[] Named = [typeof(Flow), typeof(FlowTask), typeof(FlowState), typeof(FlowTaskState), typeof(FlowRun)];

    private static readonly Type? Accelerators = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators");

    /// <summary>Makes the types known. A name that someone else has given to another type is left as it is.</summary>
    public static void Register()
    {
        foreach (var (name, type) in Names())
        {
            if (Find(name) is null)
                Call("Add", name, type);
        }
    }

    /// <summary>Takes the names back.</summary>
    public static void Remove()
    {
        foreach (var (name, type) in Names())
        {
            if (Find(name) == type)
                Call("Remove", name);
        }
    }

    private static IEnumerable<(string Name, Type Type)> Names() => Named.SelectMany(type => new[] { (type.Name, type), (type.FullName!, type) });

    private static Type? Find(string name) =>
        Accelerators?.GetProperty("Get")?.GetValue(null) is Dictionary<string, Type> known && known.TryGetValue(name, out var type) ? type : null;

    private static void Call(string method, params object[] arguments) => Accelerators?.GetMethod(method)?.Invoke(null, arguments);
}
