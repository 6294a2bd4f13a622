using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Brings what a task writes in another runspace to the caller's streams, in the order it comes.</summary>
/// <param name="caller">The caller's streams.</param>
/// <param name="task">The task, or what else the streams are known by.</param>
/// <param name="progress">Takes progress records.</param>
/// <param name="post">Does something on the caller's thread.</param>
internal sealed class RunspaceStreams(CallerStreams caller, ITaskOutput? task, Action<ProgressRecord> progress, Action<Action> post)
{
    public void Connect(PSDataStreams streams)
    {
        Forward(streams.Error, record => caller.WriteError(task, record));
        Forward(streams.Warning, record => caller.Warn(task, record.Message));
        Forward(streams.Verbose, record => caller.WriteVerbose(task, record.Message));
        Forward(streams.Debug, record => caller.WriteDebug(task, record.Message));
        Forward(streams.Information, record => caller.WriteInformation(task, record));
        Forward(streams.Progress, progress);
    }

    private void Forward<T>(PSDataCollection<T> stream, Action<T> write) => stream.DataAdded += (_, added) =>
    {
        var record = stream[added.Index];
        post(() => write(record));
    };
}
