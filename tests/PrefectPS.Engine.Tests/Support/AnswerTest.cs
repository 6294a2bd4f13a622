using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Takes the answers of polls as a delegate says.</summary>
internal sealed class AnswerTest(Func<object?, bool> takes) : IAnswerTest
{
    public string Source => "delegate";

    /// <summary>The answers that it was asked about, in order.</summary>
    public List<object?> Asked { get; } = [];

    public bool Accepts(FlowContext context, object? answer)
    {
        Asked.Add(answer);
        return takes(answer);
    }
}
