using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>Sends the output of a body to its step, which knows the task and masks its secrets.</summary>
internal sealed class SentStreams(IBodySink sink) : ITaskStreams
{
    public void Warn(ITaskOutput? task, string message) => sink.Write(StreamItem.OfText(FlowLogSource.Warning, message));

    public void WriteVerbose(ITaskOutput? task, string message) => sink.Write(StreamItem.OfText(FlowLogSource.Verbose, message));

    public void WriteDebug(ITaskOutput? task, string message) => sink.Write(StreamItem.OfText(FlowLogSource.Debug, message));

    public void WriteInformation(ITaskOutput? task, InformationRecord record) => sink.Write(StreamItem.Of(record));

    public void WriteHost(ITaskOutput? task, HostInformationMessage message) =>
        sink.Write(StreamItem.Of(new InformationRecord(message, string.Empty) { Tags = { HostTag } }));

    public void WriteErrorLine(ITaskOutput? task, string text) => sink.Write(StreamItem.OfText(FlowLogSource.Error, text));

    public void WriteError(ITaskOutput? task, ErrorRecord record) => sink.Write(StreamItem.Of(record));

    public void WriteProgress(ProgressRecord record) => sink.Write(StreamItem.Of(record));

    private const string HostTag = "PSHOST"; // Write-Host's
}
