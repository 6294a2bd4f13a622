using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Takes what tasks write, stream by stream. What has no task is the set-up's, or the runspace's own.</summary>
internal interface ITaskStreams
{
    void Warn(ITaskOutput? task, string message);

    void WriteVerbose(ITaskOutput? task, string message);

    void WriteDebug(ITaskOutput? task, string message);

    void WriteInformation(ITaskOutput? task, InformationRecord record);

    /// <summary>What a body writes to its host, by Out-Host and the like.</summary>
    void WriteHost(ITaskOutput? task, HostInformationMessage message);

    /// <summary>An error that a body shows by its host: a text, and no error of a command.</summary>
    void WriteErrorLine(ITaskOutput? task, string text);

    void WriteError(ITaskOutput? task, ErrorRecord record);
}
