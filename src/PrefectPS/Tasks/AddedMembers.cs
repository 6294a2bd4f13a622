using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>Finds members and type names that were added to an object.</summary>
/// <remarks>
/// PowerShell's public APIs take 1.5 to 3 microseconds per object, because they also list all other members, and the one for type names stores a copy
/// for each object. PowerShell's internal check takes a few nanoseconds and is called here; if it does not exist, the public APIs are used.
/// </remarks>
internal static class AddedMembers
{
    private const string OrdinaryName = "System.Management.Automation.PSCustomObject";

    private static readonly Func<object, object?> MembersOf = Find("HasInstanceMembers") ?? MembersInPublic;
    private static readonly Func<object, object?> NamesOf = Find("HasInstanceTypeName") ?? NamesInPublic;

    private static readonly Func<PSObject, Collection<string>> RecordNamesOf =
        typeof(PSObject).GetProperty("InternalTypeNames", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod is { } getter
        && Delegate.CreateDelegate(typeof(Func<PSObject, Collection<string>>), getter, throwOnBindFailure: false) is Func<PSObject, Collection<string>> names
            ? names
            : record => record.TypeNames;

    // Hidden members that PowerShell adds to inspected objects.
    private static readonly HashSet<string> Hidden = new(StringComparer.OrdinalIgnoreCase) { "pstypenames", "psobject", "psbase", "psadapted", "psextended" };

    private delegate bool Asking<T>(object value, out T found);

    /// <summary>The members that were added to an object; null for none.</summary>
    public static IEnumerable<PSMemberInfo>? Of(object value) => ((IEnumerable<PSMemberInfo>?)MembersOf(value))?.Where(member => !Hidden.Contains(member.Name));

    /// <summary>True if an object has its own type names. An object from another process contains them.</summary>
    public static bool HasNames(object value) => value is PSObject { BaseObject: PSCustomObject } record
        ? RecordNamesOf(record) is not [OrdinaryName, _]
        : NamesOf(value) is not null;

    private static IEnumerable<PSMemberInfo> MembersInPublic(object value) => PSObject.AsPSObject(value).Members.Where(member => member.IsInstance);

    private static object NamesInPublic(object value) => PSObject.AsPSObject(value).TypeNames;

    // static bool name(object, out T), where T is not public.
    private static Func<object, object?>? Find(string name) =>
        typeof(PSObject).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic) is { } method
        && method.ReturnType == typeof(bool) && method.GetParameters() is [{ ParameterType: var first }, { IsOut: true } second] && first == typeof(object)
            ? (Func<object, object?>)typeof(AddedMembers).GetMethod(nameof(Asker), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(second.ParameterType.GetElementType()!).Invoke(null, [method])!
            : null;

    private static Func<object, object?> Asker<T>(MethodInfo method)
    {
        var ask = (Asking<T>)Delegate.CreateDelegate(typeof(Asking<T>), method);
        return value => ask(value, out var found) ? found : null;
    }
}
