using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Runs bodies beside the thread that the step runs on.</summary>
public interface IBodyPool
{
    /// <summary>Where bodies run in other processes: which of them find a place there. Null where they run in this one, which has a place for each.</summary>
    IBodyPlaces? Places { get; }

    /// <summary>Begins to run a task's body.</summary>
    /// <param name="task">The task.</param>
    /// <param name="context">The run, step, task and attempt it runs for.</param>
    /// <param name="arguments">Its parameters' values; read before this returns.</param>
    /// <param name="post">Lets something be done on the step's own thread, in order; may be called from any thread until the body has ended.</param>
    /// <param name="ended">Called once from any thread when the body has ended, or when it was stopped and did not end in time.</param>
    IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended);
}
