using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>An answer test by delegate.</summary>
internal sealed class AnswerTest(Func<object?, bool> takes) : IAnswerTest
{
    public string Source => "delegate";

    /// <summary>The tested answers, in order.</summary>
    public List<object?> Asked { get; } = [];

    public bool Accepts(FlowContext context, object? answer)
    {
        Asked.Add(answer);
        return takes(answer);
    }
}
