namespace PrefectPS.Running;

/// <summary>Planned action for a task.</summary>
internal enum FlowPlanAction
{
    /// <summary>Its body runs, or its subflow continues.</summary>
    Run,

    /// <summary>Its result comes from its target or cache.</summary>
    Cached,

    /// <summary>The task is skipped.</summary>
    Skip,

    /// <summary>The task waits for a time, an approval, an event, another step's budget, or a waiting task.</summary>
    Wait,

    /// <summary>The task keeps its state: it has ended or is not selected.</summary>
    Keep,

    /// <summary>The task fails without running: its trigger refuses it, or it cannot begin.</summary>
    Fail,

    /// <summary>The task is undone.</summary>
    Undo,

    /// <summary>Unknown: depends on the result of a body that has not run, or on user code.</summary>
    Unknown,
}
