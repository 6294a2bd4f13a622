using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>Installs <see cref="PreferenceVariable"/>s in the global scope of a session, and restores the originals.</summary>
/// <remarks>
/// There is no public API to install a custom variable in the global scope from a nested scope. If PowerShell's internals differ,
/// the global preferences are set to the task's for the duration of the step.
/// </remarks>
internal sealed class GlobalPreferences : IDisposable
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Internal = typeof(SessionState).GetProperty("Internal", Any);
    private static readonly PropertyInfo? GlobalScope = Internal?.PropertyType.GetProperty("GlobalScope", Any);
    private static readonly PropertyInfo? Variables = GlobalScope?.PropertyType.GetProperty("Variables", Any);

    private readonly List<(string Name, object? Old, object Ours)> _plain = [];
    private readonly List<PreferenceVariable> _placed = [];
    private readonly IDictionary<string, PSVariable>? _scope;
    private readonly SessionState _session;

    /// <summary>Installs them in the session of this thread, unless an outer step did.</summary>
    public GlobalPreferences(SessionState session)
    {
        _session = session;
        _scope = ScopeOf(session);
        foreach (var (name, plain) in new (string, object)[] { (ModulePreferences.ErrorAction, ActionPreference.Stop), (ModulePreferences.Native, true) })
        {
            if (_scope is null)
                SetPlain(name, plain);
            else if (_scope.TryGetValue(name, out var old) && old is not PreferenceVariable)
                Place(_scope, Make(old));
        }
    }

    /// <summary>Installs them in an idle runspace, where the current scope is the global one.</summary>
    public static void Place(Runspace runspace)
    {
        var variables = runspace.SessionStateProxy.PSVariable;
        foreach (var name in new[] { ModulePreferences.ErrorAction, ModulePreferences.Native })
        {
            if (variables.Get(name) is not { } old)
                continue;
            variables.Remove(name);
            variables.Set(Make(old));
        }
    }

    // Variables that were replaced or set in the meantime are kept.
    public void Dispose()
    {
        foreach (var ours in _placed)
        {
            if (_scope!.TryGetValue(ours.Name, out var now) && ReferenceEquals(now, ours))
                _scope[ours.Name] = ours.Restore();
        }

        foreach (var (name, old, ours) in _plain)
        {
            if (Equals(_session.PSVariable.GetValue($"global:{name}"), ours))
                _session.PSVariable.Set($"global:{name}", old);
        }
    }

    private static PreferenceVariable Make(PSVariable old) =>
        old.Name == ModulePreferences.Native ? new(old, _ => ModulePreferences.DecideNative()) : new(old, active => ModulePreferences.Decide(active));

    private static IDictionary<string, PSVariable>? ScopeOf(SessionState session)
    {
        try
        {
            return Variables?.GetValue(GlobalScope!.GetValue(Internal!.GetValue(session))) as IDictionary<string, PSVariable>;
        }
        catch (Exception e) when (e is TargetException or TargetInvocationException or ArgumentException)
        {
            return null;
        }
    }

    private void Place(IDictionary<string, PSVariable> scope, PreferenceVariable ours)
    {
        scope[ours.Name] = ours;
        _placed.Add(ours);
    }

    private void SetPlain(string name, object plain)
    {
        var old = _session.PSVariable.GetValue($"global:{name}");
        if (old is null)
            return; // an older PowerShell without this preference
        _session.PSVariable.Set($"global:{name}", plain);
        _plain.Add((name, old, plain));
    }
}
