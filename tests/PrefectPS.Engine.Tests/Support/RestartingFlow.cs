using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Steps of a flow whose tasks ask for a restart of the computer: each is taken by a process of its own.</summary>
internal static class RestartingFlow
{
    /// <summary>The signal that asks for a restart.</summary>
    public static FlowSignalException Signal(object? result = null, string? computer = null) =>
        new(new(StateType.Success) { Result = result is null ? null : TaskResult.Of(result) }, endsRun: false, computer ?? Environment.MachineName);

    /// <summary>A body that asks for a restart.</summary>
    public static ITaskBody Body(object? result = null) => TestFlow.Body((_, _) => throw Signal(result));

    /// <summary>Steps that take what is asked for.</summary>
    public static RecordedSteps Restarting(
        this TestFlow flow, ComputerRestart restart, FlowDurability? durability = null, int throttle = 0, bool reset = true, List<string>? told = null, TimeSpan? time = null) =>
        new(flow.Flow, run => new(run)
        {
            Budget = new() { Wait = true, Throttle = throttle > 0 ? new(throttle) : null, Time = time },
            ResetCancelled = reset,
            Durability = durability,
            Pool = throttle > 0 ? new ThreadPoolBodies() : null,
            Restart = restart,
            Notices = new Notices(told ?? []),
        });
}
