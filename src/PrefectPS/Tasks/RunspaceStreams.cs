using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Passes the streams of a task in another runspace to the caller's streams, in order.</summary>
/// <param name="caller">The caller's streams.</param>
/// <param name="task">The task, or another name for the streams.</param>
/// <param name="progress">Receives progress records.</param>
/// <param name="post">Runs an action on the caller's thread.</param>
internal sealed class RunspaceStreams(ITaskStreams caller, ITaskOutput? task, Action<ProgressRecord> progress, Action<Action> post)
{
    /// <summary>Passes on errors and progress. All other records come through the user interface of the runspace's host.</summary>
    public void Connect(PSDataStreams streams)
    {
        Forward(streams.Error, record => caller.WriteError(task, record));
        Forward(streams.Progress, progress);
    }

    /// <summary>The same for a flow's setup: prefixed with the flow, and not recorded.</summary>
    public RunspaceStreams Of(FlowSetup setup) => new(caller, new SetupOutput(setup.Flow), progress, post);

    /// <summary>Passes a record on for the task.</summary>
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
