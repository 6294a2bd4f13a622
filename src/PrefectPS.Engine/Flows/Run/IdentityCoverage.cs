namespace PrefectPS.Flows;

/// <summary>How much of a run's identity a document contained.</summary>
public enum IdentityCoverage
{
    /// <summary>The whole identity.</summary>
    Whole,

    /// <summary>Id, step and start; for a recorded run, the record has the rest.</summary>
    Step,

    /// <summary>Nothing: the caller chose the id; for a recorded run, the record has the rest.</summary>
    Id,

    /// <summary>Nothing: each read creates a new id, so later steps would not find the run's record.</summary>
    None,
}
