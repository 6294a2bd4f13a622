namespace PrefectPS.Running;

/// <summary>How a step's budget limits a task.</summary>
internal enum BudgetLimit : byte
{
    /// <summary>Not limited: the task may start.</summary>
    None,

    /// <summary>The remaining time is too short for this task. A shorter task may still start.</summary>
    TooShort,

    /// <summary>The budget is used up: no further task starts.</summary>
    UsedUp,
}
