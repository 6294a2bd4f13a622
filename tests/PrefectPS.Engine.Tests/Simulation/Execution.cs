namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A body that ran.</summary>
/// <param name="Step">In which step.</param>
/// <param name="Task">Of which task.</param>
/// <param name="Value">What it returned: no other execution returns the same.</param>
/// <param name="Began">When.</param>
internal sealed record Execution(Operation Step, string Task, string Value, int Began)
{
    /// <summary>When it returned; null where its process died in it.</summary>
    public int? Ended { get; set; }

    /// <summary>What it writes as it begins.</summary>
    public string FirstLine => $"{Value} begins";

    /// <summary>What it writes as it ends.</summary>
    public string LastLine => $"{Value} ends";
}
