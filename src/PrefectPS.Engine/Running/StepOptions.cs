namespace PrefectPS.Running;

/// <summary>How a step runs, whichever run it is of. Immutable.</summary>
public record StepOptions
{
    /// <summary>What ends the step.</summary>
    public StepBudget Budget { get; init; } = StepBudget.Unlimited;

    /// <summary>Whether Cancelled tasks become Pending, before the step and after it.</summary>
    public bool ResetCancelled { get; init; }

    /// <summary>Whether each result goes through its stored form before the next task gets it.</summary>
    public bool RoundTripsResults { get; init; }

    /// <summary>Which tasks of the run are to run from now on; null for those that were to run before.</summary>
    public SelectionChange? Selection { get; init; }

    /// <summary>Where bodies run if the budget has a throttle.</summary>
    public IBodyPool? Pool { get; init; }

    /// <summary>Runs bodies on the step's own thread so that they can be stopped; null where they end by themselves alone.</summary>
    public ISessionThread? Thread { get; init; }

    /// <summary>Watches the step's progress; null if nobody does.</summary>
    public IStepObserver? Observer { get; init; }

    /// <summary>Told of what happens to tasks; null if nobody is.</summary>
    public ITransitionLog? Log { get; init; }

    /// <summary>Takes what the step would do, where it is only planned; null where it is taken.</summary>
    internal StepPlan? Plan { get; init; }

    /// <summary>Takes that tasks ask for a restart of the computer; null where a flow is only tried: they have succeeded, and nothing restarts.</summary>
    public ComputerRestart? Restart { get; init; }

    /// <summary>The places of tags that all runs of the store share; null where no task needs any.</summary>
    internal ITagPlaces? Places { get; init; }

    /// <summary>Takes warnings and errors that do not end the step.</summary>
    public IStepNotices Notices { get; init; } = NoNotices.Instance;
}
