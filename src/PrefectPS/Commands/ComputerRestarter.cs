using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>
/// Restarts the computer for tasks that requested it, after their step is closed. It calls Restart-Computer of the caller's session: a function of
/// that name has precedence over the cmdlet.
/// </summary>
internal static class ComputerRestarter
{
    // The cmdlet returns while the computer shuts down. The rest of the caller's script, such as the next step, must not run before the restart.
    private const string Script = """
        $ErrorActionPreference = 'Stop'
        $ConfirmPreference = 'None'
        if ($PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows) { $null = Restart-Computer -Force } else { $null = Restart-Computer }
        if ((Get-Command Restart-Computer).CommandType -eq 'Cmdlet') { Start-Sleep -Seconds 600; throw 'it was told to restart ten minutes ago, and still runs' }
        """;

    /// <summary>Collects restart requests of a flow's tasks. A store in memory does not survive a restart.</summary>
    public static ComputerRestart For(Flow flow) => new(outlivesRestart: flow.Store is not MemoryStore);

    /// <summary>Restarts the computer if a task requested it; a failure is an error and a line in the run's log.</summary>
    /// <param name="cmdlet">The cmdlet that ran the step.</param>
    /// <param name="run">The run after the step.</param>
    /// <param name="restart">The restart requests.</param>
    /// <param name="keepsLog">Whether the run has a log.</param>
    public static void Follow(PSCmdlet cmdlet, FlowState run, ComputerRestart? restart, bool keepsLog)
    {
        if (restart is not { AskedBy: [.., var last] })
            return;
        try
        {
            cmdlet.InvokeCommand.InvokeScript(useLocalScope: true, ScriptBlock.Create(Script), input: null, args: null);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            var error = FlowErrors.RestartFailed(run, restart.Computer, ScriptErrors.MessageOf(e.ErrorRecord), e);
            Keep(run, last, error.Message, keepsLog && run.Flow.Services.KeepsLog());
            new RunStreams(cmdlet).WriteError(ErrorRecords.From(error));
        }
    }

    private static void Keep(FlowState run, ComputerRestart.TaskAttempt askedBy, string text, bool keepsLog)
    {
        try
        {
            if (keepsLog)
                RunSession.AddLine(run, askedBy.Task, askedBy.Attempt, FlowLogSource.Error, text);
        }
        catch (FlowException)
        {
            // The caller gets an error; the run does not change.
        }
    }
}
