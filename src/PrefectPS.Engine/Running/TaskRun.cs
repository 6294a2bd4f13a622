using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Running;

/// <summary>One task on its way through the pipeline, once.</summary>
internal sealed class TaskRun(FlowTask task, State given, int? mapIndex = null)
{
    public FlowTask Task { get; } = task;

    /// <summary>Which child of a mapped task it is, from 0; null for a task itself.</summary>
    public int? MapIndex { get; } = mapIndex;

    /// <summary>Where the task was when this began.</summary>
    public State Given { get; } = given;

    /// <summary>Where the task is now.</summary>
    public State State { get; set; } = given;

    /// <summary>The number that its body would run under, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>How its upstream tasks stand.</summary>
    public UpstreamSummary Upstream { get; set; }

    /// <summary>Whether this attempt was paused, in this step or an earlier one, and has been let go on.</summary>
    public bool IsResumed { get; set; }

    /// <summary>Whether it is a flow that another step has begun to run, and that has not ended.</summary>
    public bool IsUnderWay => Given.Subrun is { } subrun && Given.Type != StateType.Retrying && !Subruns.HasEnded(subrun);

    /// <summary>Whether it has run well before, and runs again for its result, which was not kept. It counts in no budget.</summary>
    public bool IsRerun { get; init; }

    /// <summary>Its target, rendered; null where it has none.</summary>
    public string? TargetPath { get; set; }

    /// <summary>Whether its result was found where an earlier run has left it, so that its body is not to run.</summary>
    public bool IsFound { get; set; }

    /// <summary>Under which path its result is kept for later runs; null where it is not, or that is not known yet.</summary>
    public string? CachePath { get; set; }

    /// <summary>Whether it was found that its result cannot be kept.</summary>
    public bool IsCacheRefused { get; set; }

    /// <summary>What the body came to, before anything was told of it.</summary>
    public State? Outcome { get; set; }

    /// <summary>Whether another pass of its loop follows.</summary>
    public bool LoopsOn { get; set; }

    /// <summary>Whether the task, as this has left it, can run once more at once: another pass of its loop, or a retry without delay.</summary>
    public bool GoesOn(State left, StepClock clock) =>
        LoopsOn || (Outcome is not null && left.Type == StateType.Retrying && !left.IsDueAfter(clock.Now));

    /// <summary>Whether the body's outcome is final: a signal ended the task's run.</summary>
    public bool OutcomeEndsRun { get; set; }
}
