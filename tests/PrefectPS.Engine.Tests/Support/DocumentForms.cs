using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Support;

internal static class DocumentForms
{
    /// <summary>Returns the run as the next process reads it from a document of this form.</summary>
    public static FlowState Travel(this DocumentForm form, TestFlow flow, FlowState run) => StateDocument.Read(
        flow.Flow,
        form switch
        {
            DocumentForm.Json => FlowStateWriter.Write(run),
            DocumentForm.Compact => CompactWriter.Write(run),
            _ => PrefectWriter.Write(run),
        },
        ReadingOptions.Default).Run;

    /// <summary>Takes steps of a number of tasks, with a document of this form in between, until nothing is left to run.</summary>
    public static FlowState RunInSteps(this DocumentForm form, TestFlow flow, int maxTasks, FlowState? given = null)
    {
        var run = given ?? flow.New();
        for (var step = 0; step == 0 || run.HasPending; step++)
        {
            Assert.True(step < 50, "The run does not end.");
            run = form.Travel(flow, flow.Step(run, maxTasks, reset: true));
            flow.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        return run;
    }
}
