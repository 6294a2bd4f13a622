namespace PrefectPS.Engine.Tests.Support;

/// <summary>Position of a task under test in its flow.</summary>
public enum Place
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
