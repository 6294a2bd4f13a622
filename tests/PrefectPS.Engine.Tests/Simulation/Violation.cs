namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A promise violated by a schedule.</summary>
/// <param name="Promise">The promise.</param>
/// <param name="What">Description of the violation.</param>
internal sealed record Violation(Promise Promise, string What)
{
    public override string ToString() => $"{Promise}: {What}";
}
