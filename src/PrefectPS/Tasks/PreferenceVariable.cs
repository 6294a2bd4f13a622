using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>A global preference variable whose value is computed on each read while a body runs. Assigned values are kept.</summary>
internal sealed class PreferenceVariable(PSVariable old, Func<ActionPreference, object> decide) : PSVariable(old.Name, old.Value)
{
    private object? _own = old.Value;
    private bool _isSet;

    public override object? Value
    {
        get => !_isSet && ModulePreferences.Active is { } active ? decide(active) : _own;
        set => (_own, _isSet) = (Converted(value), true);
    }

    /// <summary>The variable to restore: the original, with values assigned in the meantime.</summary>
    public PSVariable Restore()
    {
        if (_isSet)
            old.Value = _own;
        return old;
    }

    private object? Converted(object? value) =>
        old.Name == ModulePreferences.ErrorAction && LanguagePrimitives.TryConvertTo<ActionPreference>(value, out var preference) ? preference : value;
}
