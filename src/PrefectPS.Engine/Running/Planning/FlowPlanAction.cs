namespace PrefectPS.Running;

/// <summary>What a step or run would do with a task.</summary>
internal enum FlowPlanAction
{
    /// <summary>Its body runs, or its flow is gone on with.</summary>
    Run,

    /// <summary>Its result is taken from its target or its cache.</summary>
    Cached,

    /// <summary>It is skipped.</summary>
    Skip,

    /// <summary>It waits: for a time, an approval, an event, the budget of another step, or a task that waits.</summary>
    Wait,

    /// <summary>It stays as it is: it has ended, or was not selected.</summary>
    Keep,

    /// <summary>It fails without its body: its trigger does not let it run, or it cannot be begun.</summary>
    Fail,

    /// <summary>It is undone.</summary>
    Undo,

    /// <summary>That depends on what a body returns that has not run, or on code of the flow's own that is asked when its turn comes.</summary>
    Unknown,
}
