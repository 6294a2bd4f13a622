using System.Management.Automation;
using PrefectPS.Commands;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>What a step has to say, as a cmdlet's warnings and errors.</summary>
internal sealed class StepNotices(PSCmdlet cmdlet) : IStepNotices
{
    private readonly Action<string> _warn =
        StreamPreference.Unless<string>(cmdlet, "WarningAction", "WarningPreference", cmdlet.WriteWarning, text => text);

    private readonly Action<ErrorRecord> _report =
        StreamPreference.Unless<ErrorRecord>(cmdlet, "ErrorAction", "ErrorActionPreference", cmdlet.WriteError, error => error.ToString());

    public void Warn(string text) => _warn(TerminalText.Of(text));

    public void Report(FlowException error) => _report(ErrorRecords.From(error));
}
