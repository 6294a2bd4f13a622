namespace PrefectPS.Running;

/// <summary>Options of a step, independent of the run. Immutable.</summary>
public record StepOptions
{
    /// <summary>Limits of the step.</summary>
    public StepBudget Budget { get; init; } = StepBudget.Unlimited;

    /// <summary>True to reset Cancelled tasks to Pending, before and after the step.</summary>
    public bool ResetCancelled { get; init; }

    /// <summary>True to round-trip each result through its stored form before the next task gets it.</summary>
    public bool RoundTripsResults { get; init; }

    /// <summary>Change of the selected tasks; null to keep the selection.</summary>
    public SelectionChange? Selection { get; init; }

    /// <summary>Runs bodies if the budget has a throttle.</summary>
    public IBodyPool? Pool { get; init; }

    /// <summary>Makes bodies on the step's own thread stoppable; null if not supported.</summary>
    public ISessionThread? Thread { get; init; }

    /// <summary>Observes the step's progress; null if none.</summary>
    public IStepObserver? Observer { get; init; }

    /// <summary>Receives task events; null if none.</summary>
    public ITransitionLog? Log { get; init; }

    /// <summary>Receives the plan if the step is only planned; else null.</summary>
    internal StepPlan? Plan { get; init; }

    /// <summary>Receives requests to restart the computer; null if the flow is only tested: then the task succeeds and nothing restarts.</summary>
    public ComputerRestart? Restart { get; init; }

    /// <summary>Tag slots shared by all runs of the store; null if no task needs any.</summary>
    internal ITagPlaces? Places { get; init; }

    /// <summary>Receives warnings and errors that do not end the step.</summary>
    public IStepNotices Notices { get; init; } = NoNotices.Instance;
}
