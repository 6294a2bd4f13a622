using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Takes what workers tell this step.</summary>
internal sealed class Coordinator(Action<Told[]> take) : ICoordinator
{
    public Task Tell(Told[] told)
    {
        take(told);
        return Task.CompletedTask;
    }
}
