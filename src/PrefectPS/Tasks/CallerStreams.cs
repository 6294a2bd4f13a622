using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>
/// Passes the streams of tasks in any runspace to the streams of the cmdlet, prefixed with the task and with its secrets masked,
/// and to the log of the run.
/// </summary>
/// <remarks>
/// The records have already passed the preference variables of the task. The cmdlet's own -Verbose, -Debug and
/// -InformationAction only apply to its own messages, so these records bypass them. There is no public API for that; if PowerShell's
/// internals differ, they also apply to tasks.
/// </remarks>
internal sealed class CallerStreams : ITaskStreams
{
    private const string OfHost = "PSHOST"; // Write-Host's tag

    private readonly PSCmdlet _caller;
    private readonly RunStreams _streams;
    private readonly bool _hidesErrors;
    private readonly bool _ignoresErrors;

    public CallerStreams(PSCmdlet caller, RunStreams streams)
    {
        _caller = caller;
        _streams = streams;
        _hidesErrors = streams.ErrorAction is ActionPreference.SilentlyContinue or ActionPreference.Ignore;
        _ignoresErrors = streams.ErrorAction == ActionPreference.Ignore;
    }

    public void Warn(ITaskOutput? task, string message) => _streams.Warn(Text(task, FlowLogSource.Warning, message));

    public void WriteVerbose(ITaskOutput? task, string message)
    {
        var text = Text(task, FlowLogSource.Verbose, message);
        if (!_streams.TryWrite("VerboseOutputPipe", "Verbose", new VerboseRecord(text), ui => ui.WriteVerboseLine(text)))
            _caller.WriteVerbose(text);
    }

    public void WriteDebug(ITaskOutput? task, string message)
    {
        var text = Text(task, FlowLogSource.Debug, message);
        if (!_streams.TryWrite("DebugOutputPipe", "Debug", new DebugRecord(text), ui => ui.WriteDebugLine(text)))
            _caller.WriteDebug(text);
    }

    public void WriteInformation(ITaskOutput? task, InformationRecord record)
    {
        var isForHost = record.Tags.Contains(OfHost);
        if (task is not null)
            record = Told(task, record, isForHost ? FlowLogSource.Host : FlowLogSource.Information);
        if (isForHost || !_caller.MyInvocation.BoundParameters.ContainsKey("InformationAction")
            || !_streams.TryWrite("InformationOutputPipe", "Information", record, ui => ShowAsVariableSays(ui, record)))
        {
            _streams.WriteInformation(record);
        }
    }

    /// <summary>Host output of a body, such as from Out-Host, handled like Write-Host.</summary>
    public void WriteHost(ITaskOutput? task, HostInformationMessage message)
    {
        var record = new InformationRecord(message, task?.Label ?? string.Empty);
        record.Tags.Add(OfHost);
        WriteInformation(task, record);
    }

    /// <summary>An error text that a body shows through its host, which is not an error of a command.</summary>
    public void WriteErrorLine(ITaskOutput? task, string text)
    {
        var shown = Text(task, FlowLogSource.Error, text);
        var record = new ErrorRecord(new RuntimeException(shown), NativeErrors.Line, ErrorCategory.NotSpecified, targetObject: null); // shown only by its message
        _streams.PassError(record);
    }

    /// <summary>Writes an error with the task as prefix. The task's own record is not changed.</summary>
    public void WriteError(ITaskOutput? task, ErrorRecord record)
    {
        if (NativeErrors.IsOutput(record))
            PassError(task, record);
        else
            _streams.WriteError(Labelled(task, record));
    }

    /// <summary>
    /// The same for an error that the session has already reported, and for standard error of a program, which is not an error: it bypasses the cmdlet, which would stop
    /// at it, or report it again.
    /// </summary>
    public void PassError(ITaskOutput? task, ErrorRecord record)
    {
        var labelled = Labelled(task, record);
        if (!NativeErrors.IsOutput(record))
        {
            if (!_ignoresErrors)
                _streams.AddToVariable("Error", labelled);
            if (_hidesErrors)
                return;
        }

        _streams.PassError(labelled);
    }

    // Output of a program is shown only by its message.
    private static ErrorRecord Labelled(ITaskOutput? task, ErrorRecord record)
    {
        if (task is null)
            return record;
        if (NativeErrors.IsOutput(record))
        {
            var shown = new RuntimeException(Text(task, FlowLogSource.StandardError, record.Exception.Message));
            return new(shown, NativeErrors.Line, record.CategoryInfo.Category, record.TargetObject);
        }

        return new(record, null) { ErrorDetails = new(Text(task, FlowLogSource.Error, record.ErrorDetails?.Message ?? record.Exception.Message)) };
    }

    private static string Text(ITaskOutput? task, FlowLogSource source, string message) => task is null ? message : $"{task.Label}: {task.Take(source, message)}";

    private static InformationRecord Told(ITaskOutput task, InformationRecord record, FlowLogSource source)
    {
        record.Source = task.Label;
        var shown = task.Take(source, $"{record.MessageData}");
        if (record.MessageData is HostInformationMessage told)
            told.Message = shown;
        if (record.MessageData is not string text || shown == text)
            return record;
        var masked = new InformationRecord(shown, record.Source);
        masked.Tags.AddRange(record.Tags);
        return masked;
    }

    private void ShowAsVariableSays(System.Management.Automation.Host.PSHostUserInterface ui, InformationRecord record)
    {
        if (LanguagePrimitives.TryConvertTo<ActionPreference>(_caller.GetVariableValue("InformationPreference"), out var action) && action == ActionPreference.Continue)
            ui.WriteLine(record.ToString());
    }
}
