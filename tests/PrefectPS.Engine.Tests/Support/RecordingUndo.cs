using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>An undo by delegate.</summary>
internal sealed class RecordingUndo(Action<FlowContext, object?> undo) : ITaskUndo
{
    public string Source => "undo";

    /// <summary>An undo that adds its calls to a list.</summary>
    public static RecordingUndo Into(List<string> undone) => new((context, result) => undone.Add($"{context.TaskName}{(context.MapIndex is { } child ? $"[{child}]" : "")}={result}"));

    public void Undo(FlowContext context, object? result) => undo(context, result);
}
