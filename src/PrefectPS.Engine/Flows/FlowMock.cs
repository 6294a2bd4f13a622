namespace PrefectPS.Flows;

/// <summary>What stands in for the body of a task. Immutable.</summary>
/// <param name="Body">It.</param>
/// <param name="Parameters">The parameters of the flow that it is given.</param>
public sealed record FlowMock(ITaskBody Body, IReadOnlyList<string> Parameters)
{
    /// <summary>What undoes it: there is nothing to take back.</summary>
    internal ITaskUndo Undo { get; } = new NoUndo();

    private sealed class NoUndo : ITaskUndo
    {
        public string Source => string.Empty;

        public void Undo(FlowContext context, object? result)
        {
        }
    }
}
