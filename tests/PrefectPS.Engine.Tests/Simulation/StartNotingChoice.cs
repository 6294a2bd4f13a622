using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A run choice that notes the run's start time at once: the step may die before it returns.</summary>
internal sealed record StartNotingChoice(RunChoice Run, Operation Operation, bool IsForced) : RunChoice
{
    public override Flow Flow => Run.Flow;

    internal override OpenedRun Open(CancellationToken cancellationToken)
    {
        var opened = Run.Open(cancellationToken);
        Operation.Started = opened.Run.StartTime;
        return IsForced ? opened with { Run = opened.Run.Change((_, state) => state.IsFinished ? state : state.ForcingRerun()) } : opened;
    }

    internal override OpenedRun Preview(CancellationToken cancellationToken) => Run.Preview(cancellationToken);
}
