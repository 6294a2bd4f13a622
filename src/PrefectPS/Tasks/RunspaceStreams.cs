using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Brings what a task writes in another runspace to the caller's streams, in the order it comes, with the task's name.</summary>
internal sealed class RunspaceStreams(PSCmdlet caller, string task, Action<Action> post)
{
    public void Connect(PSDataStreams streams)
    {
        Forward(streams.Error, Unless<ErrorRecord>("ErrorAction", "ErrorActionPreference", caller.WriteError));
        Forward(streams.Warning, Unless<WarningRecord>("WarningAction", "WarningPreference", record => caller.WriteWarning($"{task}: {record.Message}")));
        Forward(streams.Verbose, record => caller.WriteVerbose($"{task}: {record.Message}"));
        Forward(streams.Debug, record => caller.WriteDebug($"{task}: {record.Message}"));
        Forward(streams.Information, WriteInformation);
        Forward(streams.Progress, caller.WriteProgress);
    }

    private void WriteInformation(InformationRecord record)
    {
        record.Source = task;
        caller.WriteInformation(record);
    }

    private Action<T> Unless<T>(string parameter, string variable, Action<T> write) =>
        StreamPreference.Unless(caller, parameter, variable, write, record => $"{task}: {record}");

    private void Forward<T>(PSDataCollection<T> stream, Action<T> write) => stream.DataAdded += (_, added) =>
    {
        var record = stream[added.Index];
        post(() => write(record));
    };
}
