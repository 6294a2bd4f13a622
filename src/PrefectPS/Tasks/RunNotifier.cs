using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A notification block, called with the flow, the run and the reason, with a limit of 30 seconds.</summary>
internal sealed class RunNotifier(ScriptBlock block) : IRunNotifier
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SessionBlock _block = new(block);

    /// <inheritdoc/>
    public void Notify(FlowState run, NotifyReason reason)
    {
        using var limit = new CancellationTokenSource(Limit);
        if (!NestedPipeline.TryRun(() => Call(run, reason), grace: TimeSpan.Zero, limit.Token))
            throw new TimeoutException($"it was stopped after {Limit.TotalSeconds:0} seconds");
    }

    private void Call(FlowState run, NotifyReason reason) =>
        HandlerRun.During(run.Identity.Root ?? new(run.Flow, run.RunId), () => _block.Invoke(context: null, run.Flow, run, reason.ToString()));

    /// <inheritdoc/>
    public void GiveUp(FlowException error) => StepSession.Current?.Report(error);
}
