using PrefectPS.Diagrams;
using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Diagrams;

public class MermaidWriterTests
{
    [Theory]
    [InlineData("direction TD", "direction#32;TD")]
    [InlineData("any Direction LR of it", "any Direction#32;LR of it")]
    [InlineData("directions TD", "directions TD")]
    public void A_name_that_looks_like_a_Mermaid_statement_is_escaped(string name, string written) =>
        Assert.Contains($"[\"{written}\"]", MermaidWriter.Write(DiagramBuilder.Of(new TestFlow().Task(name).Flow)).Replace("([", "[", StringComparison.Ordinal).Replace("])", "]",
            StringComparison.Ordinal), StringComparison.Ordinal);
}
