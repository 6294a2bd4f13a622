using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Diagrams;

/// <summary>Flows that cover all features of diagrams.</summary>
internal static class Flows
{
    /// <summary>A map over three elements, inputs with names, a flow within a task that fails, a task alone.</summary>
    public static TestFlow Rich()
    {
        var inner = new TestFlow("within").Task("first").Task("second", _ => throw new InvalidOperationException("no"), "first");
        return new TestFlow("rich")
            .Task("numbers", _ => new object[] { 1, 2, 3 })
            .Add(new("square", TestFlow.Body(_ => 4)) { Map = [new("n", "numbers")] })
            .Add(new("sum", TestFlow.Body(_ => 12)) { InputFrom = [new("squares", "square")] })
            .Add(new("inner", null) { Subflow = inner.Flow, After = ["sum"] })
            .Task("alone");
    }
}
