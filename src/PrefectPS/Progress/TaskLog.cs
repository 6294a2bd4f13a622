using System.Management.Automation;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Progress;

/// <summary>
/// Writes each change of a task's state as a verbose message, and each finished task as an information record.
/// </summary>
internal sealed class TaskLog : ITransitionLog
{
    private const string Tag = "FlowTask";

    private readonly Action<string>? _verbose;
    private readonly Action<InformationRecord>? _information;

    private TaskLog(Action<string>? verbose, Action<InformationRecord>? information) => (_verbose, _information) = (verbose, information);

    /// <summary>The log for a cmdlet that runs a flow; null if its caller wants neither, so that no texts are created.</summary>
    public static TaskLog? For(PSCmdlet cmdlet, RunStreams streams)
    {
        var given = cmdlet.MyInvocation.BoundParameters;
        var isVerbose = given.TryGetValue("Verbose", out var verbose) ? LanguagePrimitives.IsTrue(verbose) : IsWanted(cmdlet.GetVariableValue("VerbosePreference"));
        var isInformed = given.ContainsKey("InformationVariable")
            || IsWanted(given.TryGetValue("InformationAction", out var action) ? action : cmdlet.GetVariableValue("InformationPreference"));
        return isVerbose || isInformed ? new(isVerbose ? streams.WriteVerbose : null, isInformed ? streams.WriteInformation : null) : null;
    }

    public void Add(in TaskEvent taskEvent)
    {
        if (taskEvent.Kind != TaskEventKind.Settled)
            _verbose?.Invoke(TransitionText.OfChange(taskEvent));
        else if (taskEvent.To.IsFinished && _information is not null)
            Tell(taskEvent);
    }

    private void Tell(in TaskEvent ended)
    {
        var record = new InformationRecord(TransitionText.OfEnd(ended), TransitionText.Name(ended));
        record.Tags.Add(Tag);
        _information!(record);
    }

    private static bool IsWanted(object? preference) =>
        LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action) && action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
