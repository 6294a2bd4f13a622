namespace PrefectPS.Running;

/// <summary>The cases of a <see cref="TaskDecision"/>.</summary>
internal enum DecisionKind : byte
{
    /// <summary>The next check is asked. The decider itself never decides so.</summary>
    Continue,

    /// <summary>The task changes to a state, of which state handlers are told, and is decided on again.</summary>
    Change,

    /// <summary>The task has what it waited for: a change to a state that it is left in, whatever becomes of it next, and it is decided on again.</summary>
    Receive,

    /// <summary>The task is started: a change to Running that counts in the budget.</summary>
    Start,

    /// <summary>A subflow that an earlier step has started goes on: handlers were told then.</summary>
    GoOn,

    /// <summary>The next pass of a loop begins: a change of which handlers are not told.</summary>
    Loop,

    /// <summary>Something outside the run is to be done or asked, and the task is decided on again.</summary>
    Perform,

    /// <summary>The body is to be run. This and all that follow leave the pipeline.</summary>
    Run,

    /// <summary>An input has to be recomputed first.</summary>
    Recompute,

    /// <summary>The task waits: for upstream tasks, a time or an approval.</summary>
    Wait,

    /// <summary>The task waits for a budget.</summary>
    Defer,

    /// <summary>The task ends this pass and goes on at once: another pass of its loop, or a retry without delay.</summary>
    Again,

    /// <summary>The task ends this pass.</summary>
    End,
}
