using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>The pipeline thread of a cmdlet that runs a step: its tasks there can be stopped without stopping the cmdlet.</summary>
internal sealed class SessionThread : ISessionThread
{
    // Code that observes its token ends by itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public void Run(Action part, CancellationToken stop)
    {
        if (!NestedPipeline.TryRun(part, Grace, stop))
            throw new StepStoppedException();
    }
}
