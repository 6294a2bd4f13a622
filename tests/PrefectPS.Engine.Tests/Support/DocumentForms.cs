using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Support;

internal static class DocumentForms
{
    /// <summary>The run as the next process would read it from a document of this form.</summary>
    public static FlowState Travel(this DocumentForm form, TestFlow flow, FlowState run) => StateDocument.Read(
        flow.Flow,
        form switch
        {
            DocumentForm.Json => FlowStateWriter.Write(run),
            DocumentForm.Compact => CompactWriter.Write(run),
            _ => PrefectWriter.Write(run),
        },
        ReadingOptions.Default).Run;
}
