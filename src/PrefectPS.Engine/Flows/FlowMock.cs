namespace PrefectPS.Flows;

/// <summary>Replaces a task's body in a test double. Immutable.</summary>
/// <param name="Body">The replacement body.</param>
/// <param name="Parameters">Flow parameters passed to the body.</param>
public sealed record FlowMock(ITaskBody Body, IReadOnlyList<string> Parameters)
{
    /// <summary>A no-op undo: a mock has no effects to revert.</summary>
    internal ITaskUndo Undo { get; } = new NoUndo();

    private sealed class NoUndo : ITaskUndo
    {
        public string Source => string.Empty;

        public void Undo(FlowContext context, object? result)
        {
        }
    }
}
