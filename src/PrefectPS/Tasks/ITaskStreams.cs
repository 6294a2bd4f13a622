using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Receives the streams of tasks. Records without a task belong to the setup or the runspace.</summary>
internal interface ITaskStreams
{
    void Warn(ITaskOutput? task, string message);

    void WriteVerbose(ITaskOutput? task, string message);

    void WriteDebug(ITaskOutput? task, string message);

    void WriteInformation(ITaskOutput? task, InformationRecord record);

    /// <summary>Host output of a body, such as from Out-Host.</summary>
    void WriteHost(ITaskOutput? task, HostInformationMessage message);

    /// <summary>An error text that a body shows through its host, which is not an error of a command.</summary>
    void WriteErrorLine(ITaskOutput? task, string text);

    void WriteError(ITaskOutput? task, ErrorRecord record);
}
