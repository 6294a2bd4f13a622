using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A state handler that records each change, then calls a delegate.</summary>
internal sealed class RecordingHandler(Func<FlowTaskState, FlowTaskState, FlowTaskState?>? then = null) : IStateHandler
{
    /// <summary>Changes as <c>task: Old->New: message</c>.</summary>
    public List<string> Changes { get; } = [];

    public FlowTaskState? Handle(FlowTaskState old, FlowTaskState @new)
    {
        Changes.Add($"{@new.Slug}: {old.State}->{@new.State}: {@new.Message}");
        return then?.Invoke(old, @new);
    }

    /// <summary>Exception that signals this state.</summary>
    public static FlowSignalException Signal(StateType type, string message, bool endsRun = false) => new(new State(type, message), endsRun);
}
