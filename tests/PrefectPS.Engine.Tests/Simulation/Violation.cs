namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A promise that a schedule has broken.</summary>
/// <param name="Promise">Which.</param>
/// <param name="What">How.</param>
internal sealed record Violation(Promise Promise, string What)
{
    public override string ToString() => $"{Promise}: {What}";
}
