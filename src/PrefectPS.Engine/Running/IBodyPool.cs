using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Runs bodies off the step's thread.</summary>
public interface IBodyPool
{
    /// <summary>Slots in other processes; null if bodies run in this process, which has a slot for each.</summary>
    IBodyPlaces? Places { get; }

    /// <summary>Starts a task's body.</summary>
    /// <param name="task">The task.</param>
    /// <param name="context">The run, step, task and attempt.</param>
    /// <param name="arguments">Argument values; read before this returns.</param>
    /// <param name="post">Posts an action to the step's own thread, in order; callable from any thread until the body has ended.</param>
    /// <param name="ended">Called once, from any thread, when the body has ended, or was stopped and did not end in time.</param>
    IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended);
}
