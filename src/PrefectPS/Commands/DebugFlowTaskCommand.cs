using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Debugs one task of a run: its body runs once more, in the session, and nothing is written.</para></summary>
[Cmdlet(VerbsDiagnostic.Debug, "FlowTask")]
[OutputType(typeof(object))]
public sealed class DebugFlowTaskCommand : FlowCmdlet
{
    /// <summary>The task, by name or slug.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string Task { get; set; } = string.Empty;

    /// <summary>The run, or a recorded run with its flow.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    public object Run { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process()
    {
        var run = RunOnRecord.StateOf(Run, WriteWarning);
        var (task, path) = Find(run);
        using var preferences = new GlobalPreferences(SessionState);
        using var prompts = new PromptGuard(this);
        var written = new RunStreams(this);
        var notices = new StepNotices(written);
        using var session = new StepSession(this, notices);
        using var streams = new SessionStreams(this, new CallerStreams(this, written));
        using var body = new RecordedBody(Containing(run, path), path, task, notices, StopToken);
        FlowSetups.Run(run.Flow, throttle: null, session, pool: null, StopToken);
        Put(body);
    }

    private void Put(RecordedBody body)
    {
        try
        {
            if (body.Run() is { } result)
                WriteObject(body.Context.IsSecret ? FlowSecret.Of(result) : result, enumerateCollection: true);
        }
        catch (FlowSignalException signal)
        {
            WriteWarning(ModuleTexts.EndedItself(body.Task.Slug, signal.StateType, body.Hide(signal.Message)));
        }
        catch (TaskFailedException failed)
        {
            ThrowTerminatingError((ErrorRecord)ScriptErrors.RecordOf(body.Hide(failed.Error)).BaseObject);
        }
    }

    private (FlowTaskState Task, string Path) Find(FlowState run) => new TaskSelector(run.Flow, [Task], tags: null, run).ChooseFrom(run).Take(2).ToArray() switch
    {
        [var only] => only,
        [] => throw FlowErrors.TaskNotFound(run.Flow, Task),
        [var one, var other, ..] => throw ModuleErrors.SeveralToDebug(Task, one.Path + one.Task.Slug, other.Path + other.Task.Slug),
    };

    // The run that contains a task: the subflow run at this path.
    private static FlowState Containing(FlowState run, string path)
    {
        foreach (var slug in path.Split(['/'], StringSplitOptions.RemoveEmptyEntries))
            run = run.Tasks.SelectMany(task => task.Children.Prepend(task)).First(part => part.Slug == slug).Subflow!;
        return run;
    }
}
