using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A run whose beginning is noted as soon as it is known: the step may not live to say so.</summary>
internal sealed record NotedRun(RunChoice Run, Operation Operation, bool IsForced) : RunChoice
{
    public override Flow Flow => Run.Flow;

    internal override OpenedRun Open(CancellationToken cancellationToken)
    {
        var opened = Run.Open(cancellationToken);
        Operation.Started = opened.Run.StartTime;
        return IsForced ? opened with { Run = opened.Run.Change((_, state) => state.IsFinished ? state : state.ForcingRerun()) } : opened;
    }

    internal override OpenedRun Look(CancellationToken cancellationToken) => Run.Look(cancellationToken);
}
