using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>
/// The streams of a cmdlet that runs a flow, for messages about the run and the output of tasks. A preference to stop or prompt counts as Continue: a run must not be lost or
/// blocked because of a message.
/// </summary>
/// <remarks>There is no public API to bypass a preference. If PowerShell's internals differ, the host shows records that would stop or prompt.</remarks>
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

    /// <summary>The caller's error preference; null if it is not known.</summary>
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

    /// <summary>Writes an error unchanged, whatever the caller's error preference is.</summary>
    public void PassError(ErrorRecord record)
    {
        if (!TryWrite(ErrorPipe, "Error", record, ui => ui.WriteErrorLine(record.ToString())))
            _cmdlet.Host?.UI?.WriteErrorLine(record.ToString());
    }

    /// <summary>Implements -ErrorVariable, -WarningVariable and -InformationVariable.</summary>
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

    /// <summary>Writes a record whatever the preference is: to the redirection of the stream (4>&amp;1), or otherwise to the host.</summary>
    /// <returns>Whether it was possible.</returns>
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
            mark.SetValue(wrapped, Enum.Parse(mark.PropertyType, stream)); // so that it is shown as this stream
        if (pipe.GetType().GetMethod("Add", Any, null, [typeof(object)], null) is not { } add)
            return false;
        add.Invoke(pipe, [wrapped]);
        return true;
    }

    private static bool Holds(ActionPreference? preference) => preference is ActionPreference.Stop or ActionPreference.Inquire;

    // The output, with 2>&1.
    private string ErrorPipe =>
        _cmdlet.CommandRuntime.GetType().GetProperty("ErrorMergeTo", Any)?.GetValue(_cmdlet.CommandRuntime)?.ToString() == "Output" ? "OutputPipe" : "ErrorOutputPipe";

    private void Keep(string stream, object record, Action<PSHostUserInterface> show)
    {
        AddToVariable(stream, record);
        if (!TryWrite($"{stream}OutputPipe", stream, record, show) && _cmdlet.Host?.UI is { } ui)
            show(ui);
    }

    // Like PowerShell: in Windows PowerShell, -Debug means Inquire for each stream.
    private ActionPreference? PreferenceOf(string ofRuntime, string parameter, string variable)
    {
        var runtime = _cmdlet.CommandRuntime;
        if (runtime.GetType().GetProperty(ofRuntime, Any) is { } property && property.PropertyType == typeof(ActionPreference))
            return (ActionPreference)property.GetValue(runtime)!;
        var preference = _cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var given) ? given : _cmdlet.GetVariableValue(variable);
        return LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action) ? action : null;
    }
}
