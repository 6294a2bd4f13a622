using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A script block that is called with the flow and the failed run.</summary>
internal sealed class RunFailureHandler(ScriptBlock block) : IRunFailureHandler
{
    private readonly SessionBlock _block = new(block);

    public void HandleFailure(FlowState run) => HandlerRun.During(run.Identity.Root ?? new(run.Flow, run.RunId), () => _block.Invoke(context: null, run.Flow, run));
}
