using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>Places <see cref="PreferenceVariable"/>s in the global scope of a session, and puts back what was there.</summary>
/// <remarks>
/// There is no public way to place a variable of one's own in the global scope from a scope below it. Where PowerShell is built otherwise than this expects,
/// the global preferences are set to those of a task as they are, for as long as the step runs.
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

    /// <summary>Places them in the session of this thread, unless an outer step has.</summary>
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

    /// <summary>Places them in a runspace that runs nothing: there the current scope is the global one.</summary>
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

    // What somebody else has placed or set meanwhile stays.
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
            return; // an older PowerShell, which has no such preference
        _session.PSVariable.Set($"global:{name}", plain);
        _plain.Add((name, old, plain));
    }
}
