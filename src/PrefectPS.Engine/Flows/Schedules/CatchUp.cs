namespace PrefectPS.Flows;

/// <summary>What to do about missed schedule times: nothing called then, or another run was active.</summary>
public enum CatchUp
{
    /// <summary>Run once, for the latest missed time.</summary>
    Latest,

    /// <summary>Run for each missed time, earliest first.</summary>
    All,

    /// <summary>Skip missed times.</summary>
    None,
}
