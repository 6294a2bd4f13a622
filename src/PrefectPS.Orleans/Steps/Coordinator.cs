using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Receives the workers' updates for this step.</summary>
internal sealed class Coordinator(Action<BodyUpdate[]> take) : ICoordinator
{
    public Task Report(BodyUpdate[] updates)
    {
        take(updates);
        return Task.CompletedTask;
    }
}
