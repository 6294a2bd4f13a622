namespace PrefectPS.Flows;

/// <summary>What becomes of the times of a schedule that passed: nobody called then, or a run was in the way.</summary>
public enum CatchUp
{
    /// <summary>The latest of them is made up for.</summary>
    Latest,

    /// <summary>Each is made up for, the earliest first.</summary>
    All,

    /// <summary>They are left out.</summary>
    None,
}
