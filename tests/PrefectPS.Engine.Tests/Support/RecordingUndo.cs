using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>An undo that is a delegate.</summary>
internal sealed class RecordingUndo(Action<FlowContext, object?> undo) : ITaskUndo
{
    public string Source => "undo";

    /// <summary>One that says in a list what it was called for.</summary>
    public static RecordingUndo Into(List<string> undone) => new((context, result) => undone.Add($"{context.TaskName}{(context.MapIndex is { } child ? $"[{child}]" : "")}={result}"));

    public void Undo(FlowContext context, object? result) => undo(context, result);
}
