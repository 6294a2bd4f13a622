using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Thrown by a task's body or a state handler to end in a state of its choice. Follows <c>prefect.engine.signals</c>.</summary>
public sealed class FlowSignalException : Exception
{
    internal FlowSignalException(State state, bool endsRun)
        : base(state.Message ?? $"The task is {state.Type}.")
    {
        State = state;
        EndsRun = endsRun;
    }

    /// <summary>The type of the state to end in.</summary>
    public StateType StateType => State.Type;

    internal State State { get; }

    /// <summary>Computer to restart once the task is recorded as Success; null if none.</summary>
    internal string? Computer { get; init; }

    /// <summary>True if the state is final: no further checks, no retry (Prefect's ENDRUN and PAUSE).</summary>
    internal bool EndsRun { get; }
}
