using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>
/// The streams of a cmdlet that runs a flow, for what it says of the run and of what tasks write. A preference to stop or to ask counts as Continue: a run must not be lost, nor
/// wait for a person, for what is no failure of it.
/// </summary>
/// <remarks>There is no public way past a preference. Where PowerShell is built otherwise than this expects, the host shows what would stop or ask.</remarks>
internal sealed class RunStreams
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly PSCmdlet _cmdlet;
    private readonly bool _keepsErrors;
    private readonly bool _keepsWarnings;
    private readonly bool _keepsVerbose;
    private readonly bool _keepsInformation;

    public RunStreams(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
        ErrorAction = PreferenceOf("ErrorAction", "ErrorAction", "ErrorActionPreference");
        _keepsErrors = Holds(ErrorAction);
        _keepsWarnings = Holds(PreferenceOf("WarningPreference", "WarningAction", "WarningPreference"));
        _keepsVerbose = Holds(PreferenceOf("VerbosePreference", "Verbose", "VerbosePreference"));
        _keepsInformation = Holds(PreferenceOf("InformationPreference", "InformationAction", "InformationPreference"));
    }

    /// <summary>What the caller wants to be done with errors; null where that is unclear.</summary>
    public ActionPreference? ErrorAction { get; }

    public void Warn(string text)
    {
        if (_keepsWarnings)
            Keep("Warning", new WarningRecord(text), ui => ui.WriteWarningLine(text));
        else
            _cmdlet.WriteWarning(text);
    }

    public void WriteVerbose(string text)
    {
        if (_keepsVerbose)
            Keep("Verbose", new VerboseRecord(text), ui => ui.WriteVerboseLine(text));
        else
            _cmdlet.WriteVerbose(text);
    }

    public void WriteInformation(InformationRecord record)
    {
        if (_keepsInformation)
            Keep("Information", record, ui => ui.WriteLine(record.ToString()));
        else
            _cmdlet.WriteInformation(record);
    }

    public void WriteError(ErrorRecord record)
    {
        if (!_keepsErrors)
        {
            _cmdlet.WriteError(record);
            return;
        }

        (_cmdlet.SessionState.PSVariable.GetValue("global:Error") as ArrayList)?.Insert(0, record);
        AddToVariable("Error", record);
        PassError(record);
    }

    /// <summary>An error that goes by as it is, whatever the caller wants to be done with errors.</summary>
    public void PassError(ErrorRecord record)
    {
        if (!TryWrite(ErrorPipe, "Error", record, ui => ui.WriteErrorLine(record.ToString())))
            _cmdlet.Host?.UI?.WriteErrorLine(record.ToString());
    }

    /// <summary>Does what PowerShell would for -ErrorVariable, -WarningVariable, -InformationVariable.</summary>
    public void AddToVariable(string stream, object record)
    {
        var runtime = _cmdlet.CommandRuntime;
        if (runtime.GetType().GetProperty("OutputPipe", Any)?.GetValue(runtime) is { } pipe
            && pipe.GetType().GetMethod("AppendVariableList", Any) is { } append && append.GetParameters() is [var kind, _]
            && Enum.IsDefined(kind.ParameterType, stream))
        {
            append.Invoke(pipe, [Enum.Parse(kind.ParameterType, stream), record]);
        }
    }

    /// <summary>Writes a record whatever the preference is: to where a redirection (4>&amp;1) sends the stream, and else to the host.</summary>
    /// <returns>Whether it could.</returns>
    public bool TryWrite(string pipeName, string stream, object record, Action<PSHostUserInterface> show)
    {
        var runtime = _cmdlet.CommandRuntime;
        if (runtime.GetType().GetProperty(pipeName, Any) is not { } property)
            return false;
        if (property.GetValue(runtime) is not { } pipe)
        {
            if (_cmdlet.Host?.UI is { } ui)
                show(ui);
            return true;
        }

        var wrapped = PSObject.AsPSObject(record);
        if (typeof(PSObject).GetProperty("WriteStream", Any) is { } mark)
            mark.SetValue(wrapped, Enum.Parse(mark.PropertyType, stream)); // as what it is shown as
        if (pipe.GetType().GetMethod("Add", Any, null, [typeof(object)], null) is not { } add)
            return false;
        add.Invoke(pipe, [wrapped]);
        return true;
    }

    private static bool Holds(ActionPreference? preference) => preference is ActionPreference.Stop or ActionPreference.Inquire;

    // That of output by 2>&1.
    private string ErrorPipe =>
        _cmdlet.CommandRuntime.GetType().GetProperty("ErrorMergeTo", Any)?.GetValue(_cmdlet.CommandRuntime)?.ToString() == "Output" ? "OutputPipe" : "ErrorOutputPipe";

    private void Keep(string stream, object record, Action<PSHostUserInterface> show)
    {
        AddToVariable(stream, record);
        if (!TryWrite($"{stream}OutputPipe", stream, record, show) && _cmdlet.Host?.UI is { } ui)
            show(ui);
    }

    // As PowerShell decides it: to Windows PowerShell -Debug says Inquire of each stream, too.
    private ActionPreference? PreferenceOf(string ofRuntime, string parameter, string variable)
    {
        var runtime = _cmdlet.CommandRuntime;
        if (runtime.GetType().GetProperty(ofRuntime, Any) is { } property && property.PropertyType == typeof(ActionPreference))
            return (ActionPreference)property.GetValue(runtime)!;
        var preference = _cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var given) ? given : _cmdlet.GetVariableValue(variable);
        return LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action) ? action : null;
    }
}
