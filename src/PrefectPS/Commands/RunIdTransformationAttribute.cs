using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Takes the id of a run where the run itself is given, and refuses what is no text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RunIdTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValues.Instance.Unwrap(inputData) switch
    {
        null or string => inputData,
        object[] runs => Array.ConvertAll(runs, run => Transform(engineIntrinsics, run)),
        FlowState run => run.RunId,
        FlowRun run => run.RunId,
        _ => PlainText.Of(inputData) ?? throw PlainText.NotThat($"The id of a run, as text, or the run is required, not {PlainText.Describe(inputData)}."),
    };
}
