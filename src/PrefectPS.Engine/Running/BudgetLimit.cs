namespace PrefectPS.Running;

/// <summary>How a step's budget limits a task.</summary>
internal enum BudgetLimit : byte
{
    /// <summary>Not at all: it may start.</summary>
    None,

    /// <summary>The time left is too short for it. A shorter task may still start.</summary>
    TooShort,

    /// <summary>Nothing is left: no further task starts.</summary>
    UsedUp,
}
