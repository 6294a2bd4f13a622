using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>The pipeline's thread of a cmdlet that takes a step: what its tasks run there is stopped without the cmdlet.</summary>
internal sealed class SessionThread : ISessionThread
{
    // Code that looks at its token ends by itself, in its own way.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public void Run(Action part, CancellationToken stop)
    {
        if (!NestedPipeline.TryRun(part, Grace, stop))
            throw new StepStoppedException();
    }
}
