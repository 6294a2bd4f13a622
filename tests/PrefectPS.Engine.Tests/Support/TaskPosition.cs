namespace PrefectPS.Engine.Tests.Support;

/// <summary>Position of a task under test in its flow.</summary>
public enum TaskPosition
{
    TopLevel,
    MapChild,
    MapOverMap,
    Subflow,
    MapInSubflow,
    SubflowInMap,
    SubflowInSubflow,
    MapInSubflowInMap,
}
