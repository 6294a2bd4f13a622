using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Progress;

/// <summary>
/// Reports the tasks of a step to a CI platform, in the log that the host writes: a group for the output of each body, unless bodies run in parallel; a line for each
/// finished task; an error at the script line of each failed task; a summary.
/// </summary>
internal sealed class CILog : ITransitionLog, IDisposable
{
    private readonly CIPlatform _platform;
    private readonly PSCmdlet _cmdlet;
    private readonly RunStreams _streams;
    private readonly bool _hasGroups;
    private bool _isOpen;

    private CILog(CIPlatform platform, PSCmdlet cmdlet, RunStreams streams, bool hasGroups) =>
        (_platform, _cmdlet, _streams, _hasGroups) = (platform, cmdlet, streams, hasGroups);

    /// <summary>The log for a cmdlet that runs a flow; null for none.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="streams">Its streams.</param>
    /// <param name="format">The value of -CIFormat.</param>
    /// <param name="hasGroups">Whether bodies run one after the other.</param>
    public static CILog? For(PSCmdlet cmdlet, RunStreams streams, CIFormat format, bool hasGroups) =>
        CIPlatform.Find(format) is { } platform ? new(platform, cmdlet, streams, hasGroups) : null;

    public void Add(in TaskEvent taskEvent)
    {
        if (taskEvent.IsTransition)
        {
            if (_hasGroups && taskEvent.To.Type == StateType.Running && taskEvent.Task.Subflow is null)
                Open(taskEvent);
        }
        else if (taskEvent.Kind == TaskEventKind.Settled && taskEvent.To.Children is null)
        {
            Close();
            if (taskEvent.To.IsFinished || taskEvent.To.Type.IsScheduled())
                Write(CIPlatform.Plain(TransitionText.OfEnd(taskEvent)));
            if (taskEvent is { To: { Error: { } error, Type: not StateType.TriggerFailed }, Task.Subflow: null } && taskEvent.To.IsFailed)
                Write(_platform.Error(TransitionText.Name(taskEvent), TerminalText.Of(error.Message), _platform.PathOf(error.ScriptName), error.Line));
        }
    }

    /// <summary>Passes the summary of a run to the platform.</summary>
    public void Summarize(FlowState run)
    {
        Close();
        try
        {
            if (_platform.Summarize(CISummary.Of(run)) is { } line)
                Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _streams.Warn(TerminalText.Of($"The summary for the CI platform could not be written: {e.Message}"));
        }
    }

    public void Dispose() => Close();

    private void Open(in TaskEvent begun)
    {
        Close();
        Write(_platform.BeginGroup(TransitionText.OfEnd(begun)));
        _isOpen = true;
    }

    private void Close()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        Write(_platform.EndGroup);
    }

    private void Write(string line) => _cmdlet.Host?.UI?.WriteLine(line);
}
