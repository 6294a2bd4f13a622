namespace PrefectPS.Engine.Tests.Support;

/// <summary>Where in a flow a task under test is.</summary>
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
