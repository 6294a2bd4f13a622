namespace PrefectPS.Running;

/// <summary>Kinds of a <see cref="TaskDecision"/>.</summary>
internal enum DecisionKind : byte
{
    /// <summary>Continue with the next check. Never a final decision.</summary>
    Continue,

    /// <summary>Change the state, calling state handlers, and decide again.</summary>
    Change,

    /// <summary>The task received what it waited for: change to a state that it is left in whatever follows, and decide again.</summary>
    Receive,

    /// <summary>Start the task: change to Running, charged to the budget.</summary>
    Start,

    /// <summary>Resume a subflow that an earlier step started; handlers were called then.</summary>
    ResumeSubflow,

    /// <summary>Begin the next pass of a loop, without calling handlers.</summary>
    Loop,

    /// <summary>Perform an effect, and decide again.</summary>
    Perform,

    /// <summary>Run the body. This and all later kinds leave the pipeline.</summary>
    Run,

    /// <summary>Recompute an input first.</summary>
    Recompute,

    /// <summary>Wait for upstream tasks, a time or an approval.</summary>
    Wait,

    /// <summary>Wait for another step's budget.</summary>
    Defer,

    /// <summary>End this pass and continue at once: another loop pass, or a retry without delay.</summary>
    Again,

    /// <summary>End this pass.</summary>
    End,
}
