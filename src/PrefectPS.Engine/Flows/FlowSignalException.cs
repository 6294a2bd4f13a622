using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Thrown by a task's body or a state handler to end in a state of its choice. Follows <c>prefect.engine.signals</c>.</summary>
public sealed class FlowSignalException : Exception
{
    /// <summary>Creates the signal.</summary>
    /// <param name="state">The state to end in.</param>
    /// <param name="endsRun">Whether the state is final as it is: no further check, no retry (Prefect's ENDRUN and PAUSE).</param>
    /// <param name="computer">The computer that restarts once the task is Success on record; null for none.</param>
    public FlowSignalException(State state, bool endsRun, string? computer = null)
        : base(state.Message ?? $"The task is {state.Type}.")
    {
        State = state;
        EndsRun = endsRun;
        Computer = computer;
    }

    /// <summary>The type of the state to end in.</summary>
    public StateType StateType => State.Type;

    internal State State { get; }

    /// <summary>Computer to restart once the task is recorded as Success; null if none.</summary>
    internal string? Computer { get; }

    /// <summary>True if the state is final: no further checks, no retry (Prefect's ENDRUN and PAUSE).</summary>
    internal bool EndsRun { get; }
}
