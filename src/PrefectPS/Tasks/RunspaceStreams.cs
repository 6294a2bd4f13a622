using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Brings what a task writes in another runspace to the caller's streams, in the order it comes.</summary>
/// <param name="caller">The caller's streams.</param>
/// <param name="task">The task, or what else the streams are known by.</param>
/// <param name="progress">Takes progress records.</param>
/// <param name="post">Does something on the caller's thread.</param>
internal sealed class RunspaceStreams(ITaskStreams caller, ITaskOutput? task, Action<ProgressRecord> progress, Action<Action> post)
{
    /// <summary>Brings errors and progress. All else comes by the user interface of the runspace's host.</summary>
    public void Connect(PSDataStreams streams)
    {
        Forward(streams.Error, record => caller.WriteError(task, record));
        Forward(streams.Progress, progress);
    }

    /// <summary>The same of a flow's set-up: it is known by the flow, and is no task's, and not on record.</summary>
    public RunspaceStreams Of(FlowSetup setup) => new(caller, new SetupOutput(setup.Flow), progress, post);

    /// <summary>Hands something on as the word of the task.</summary>
    public void HandOn(Action<ITaskStreams, ITaskOutput?> write) => post(() => write(caller, task));

    private void Forward<T>(PSDataCollection<T> stream, Action<T> write) => stream.DataAdded += (_, added) =>
    {
        var record = stream[added.Index];
        post(() => write(record));
    };

    private sealed record SetupOutput(string Label) : ITaskOutput
    {
        public string Take(FlowLogSource stream, string text) => text;
    }
}
