using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Benchmarks;

/// <summary>A pool whose bodies end at once on the step's thread, so that only the cost of a parallel pass remains.</summary>
internal sealed class PostedBodies : IBodyPool
{
    public IBodyPlaces? Places => null;

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var run = new Run(task.Body!.Run(context, arguments));
        ended();
        return run;
    }

    private sealed class Run(object? result) : IBodyRun
    {
        public bool WasStopped => false;

        public DateTimeOffset? Begun => null;

        public WorkerLoss? Loss => null;

        public object? GetResult() => result;

        public void Stop()
        {
        }

        public void Dispose()
        {
        }
    }
}
